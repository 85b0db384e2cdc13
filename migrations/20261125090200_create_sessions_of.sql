-- All sessions of user $1. A function for the same reason as `end_other_sessions`: called once the
-- user's row is locked, it finds a session too that a login began just before.
create function sessions_of(uuid) returns setof uuid
language sql volatile
as $$
    select id from sessions where user_id = $1
$$;
