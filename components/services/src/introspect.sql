-- Answers a row if the session is live, its user may sign in, and a refresh token is of its current
-- generation.
-- $1 session, $2 user, $3 generation of a refresh token, or null
select sessions.id
from sessions
join users on users.id = sessions.user_id
where sessions.id = $1
  and sessions.user_id = $2
  and sessions.generation = coalesce($3::bigint, sessions.generation)
  and sessions.revoked_at is null
  and sessions.expires_at > now()
  and users.is_active
