-- Whether this is the token of another push token of the user.
-- $1 user, $2 push token that is to change, $3 token
select exists (select from push_tokens where token = $3 and user_id = $1 and id <> $2) as is_taken
