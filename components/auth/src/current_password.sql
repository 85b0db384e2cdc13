-- The stored hash of a user's password, and what a new one must not resemble.
-- $1 user
select users.password, users.email, profile.first_name, profile.last_name
from users
join user_profiles as profile on profile.user_id = users.id
where users.id = $1 and users.is_active
