-- Answers a row if the session is live and its user may sign in.
-- $1 session, $2 user
select sessions.id
from sessions
join users on users.id = sessions.user_id
where sessions.id = $1
  and sessions.user_id = $2
  and sessions.revoked_at is null
  and sessions.expires_at > now()
  and users.is_active
