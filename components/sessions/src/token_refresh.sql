-- Begins the next generation of a session, if the token presented is of the current one.
-- $1 session, $2 user, $3 generation of the token
update sessions
set generation = sessions.generation + 1, rotated_at = now(), last_used_at = now()
from users
where sessions.id = $1
  and sessions.user_id = $2
  and sessions.generation = $3
  and sessions.revoked_at is null
  and sessions.expires_at > now()
  and users.id = sessions.user_id
  and users.is_active
returning
    sessions.generation,
    floor(extract(epoch from sessions.rotated_at))::bigint as generation_began,
    -- Most have no role: that is one look into an index, and spares the function.
    case when exists (select from user_roles where user_id = users.id) then user_scope(users.id) else 'user' end as scope
