-- Ends the live sessions of user $1 but session $2 for the reason $3, and answers them. As
-- `end_other_sessions` without a reason, which is that of a password change: called once the user's row is
-- locked, it finds a session too that a login, or the exchange of a refresh token of the service before this
-- one, began just before.
create function end_other_sessions(uuid, uuid, text) returns setof uuid
language sql volatile
as $$
    select end_legacy_refresh_tokens($1);
    update sessions
    set revoked_at = now(), revoked_reason = $3
    where user_id = $1 and id <> $2 and revoked_at is null and expires_at > now()
    returning id
$$;
