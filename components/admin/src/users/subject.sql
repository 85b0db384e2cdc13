-- Answers whether a user has a role, and his e-mail address in lower case; no row if there is no such
-- user.
-- $1 user
select lower(email) as email, exists (select from user_roles where user_id = users.id) as is_staff
from users
where id = $1
