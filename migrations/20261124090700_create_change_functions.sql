-- Parts of statements that must see what was committed while their statement waited for a lock.
-- A statement sees the rows that were there when it began (READ COMMITTED); the statements inside a
-- volatile function see those that are there when they run.

-- Ends the live sessions of user $1 but session $2, and answers them. Called once the user's row is
-- locked, it finds a session too that a login began just before.
create function end_other_sessions(uuid, uuid) returns setof uuid
language sql volatile
as $$
    update sessions
    set revoked_at = now(), revoked_reason = 'password_changed'
    where user_id = $1 and id <> $2 and revoked_at is null
    returning id
$$;

-- Raises the version of user $1 and answers it, even if he registered a moment ago.
create function raise_user_version(uuid) returns bigint
language sql volatile
as $$
    update users set version = version + 1 where id = $1 returning version
$$;
