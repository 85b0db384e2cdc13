-- The session that a refresh token of the service before this one was exchanged for; null if it has ended
-- otherwise. Answers no row if it is not known.
-- $1 the token's jti, $2 user
select session_id from legacy_refresh_tokens where jti = $1 and user_id = $2
