-- What a user may do beyond his own account; no row if his session has ended or he may not sign in.
-- $1 session, $2 user
select user_permissions(users.id) as permissions
from sessions
join users on users.id = sessions.user_id
where sessions.id = $1
  and sessions.user_id = $2
  and sessions.revoked_at is null
  and sessions.expires_at > now()
  and users.is_active
