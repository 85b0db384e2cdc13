-- Since when a user has to reset his password before he can sign in; null if he has not. Whatever resets
-- a password sets it to null.
alter table users add column password_reset_required_at timestamptz;

-- What an administrator ends has reasons of its own.
alter table sessions
    drop constraint sessions_revoked_reason_check,
    add constraint sessions_revoked_reason_check check (revoked_reason in (
        'logout', 'password_changed', 'refresh_token_reused', 'too_many_sessions',
        'deactivated', 'ended_by_administrator', 'password_reset_required'
    )) not valid;

-- Ends the live sessions of user $1 for the reason $2, and answers them. A function for the same reason
-- as `end_other_sessions`: called once the user's row is locked, it finds a session too that a login
-- began just before.
create function end_sessions(uuid, text) returns setof uuid
language sql volatile
as $$
    update sessions
    set revoked_at = now(), revoked_reason = $2
    where user_id = $1 and revoked_at is null
    returning id
$$;
