-- Erases an account.
-- $1 user, $2 origin, $3 who does it, $4 why, $5 destinations of events
select version, ended_sessions
from erase_user($1, $5, $2, $3, jsonb_build_object('reason', $4::text))
