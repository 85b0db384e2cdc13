-- The account that a login is about.
-- $1 e-mail in lower case
select id, password, is_active
from users
where lower(email) = $1
