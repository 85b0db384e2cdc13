-- Stores a new password hash and ends the user's other sessions. Answers no row if the password is
-- no longer the one that was verified: of two changes at once, one wins.
-- $1 user, $2 the hash that was verified, $3 the new hash, $4 the session that goes on
with changed as (
    update users
    set password = $3, updated_at = now(), version = version + 1
    where id = $1 and password = $2
    returning id, version
)
select version, array(select end_other_sessions(id, $4)::text) as ended_sessions
from changed
