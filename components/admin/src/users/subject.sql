-- Answers whether a user has a role; no row if there is no such user.
-- $1 user
select exists (select from user_roles where user_id = users.id) as is_staff
from users
where id = $1
