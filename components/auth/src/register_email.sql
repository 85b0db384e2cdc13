-- Whether there is an account with this e-mail.
-- $1 e-mail in lower case
select exists (select from users where lower(email) = $1) as is_taken
