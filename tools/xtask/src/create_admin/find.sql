-- The user with an e-mail address.
-- $1 e-mail in lower case
select id from users where lower(email) = $1
