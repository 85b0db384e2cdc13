-- Whether somebody else has this user name.
-- $1 user, $2 user name
select exists (select from users where lower(username) = lower($2) and id <> $1) as is_taken
