-- Judges a refresh token that is not of the current generation. Within the reuse interval the one
-- before is honoured: two tabs, or an answer that was lost. Anything older is a stolen token, and
-- ends the session (RFC 9700, section 4.14.2).
-- $1 session, $2 user, $3 generation of the token, $4 reuse interval in seconds, $5 origin
with session as (
    select
        sessions.id,
        sessions.generation,
        floor(extract(epoch from sessions.rotated_at))::bigint as generation_began,
        sessions.generation - 1 = $3
            and clock_timestamp() < sessions.rotated_at + make_interval(secs => $4::bigint) as is_repeat
    from sessions
    join users on users.id = sessions.user_id and users.is_active
    where sessions.id = $1
      and sessions.user_id = $2
      and sessions.revoked_at is null
      and sessions.expires_at > now()
    for update of sessions
), ended as (
    update sessions
    set revoked_at = now(), revoked_reason = 'refresh_token_reused'
    from session
    where sessions.id = session.id and not session.is_repeat and session.generation > $3
    returning sessions.id
), audited as (
    -- By nobody that is known: the thief may have presented it, or the user after him.
    insert into audit_log
    select entry.*
    from ended, audit_row(
        $5, 'anonymous', null, 'authn_token_reuse', 'failure', $2, jsonb_build_object('session_id', ended.id)
    ) as entry
)
select
    generation,
    generation_began,
    is_repeat,
    exists (select from ended) as ended,
    -- Most have no role: that is one look into an index, and spares the function.
    case when exists (select from user_roles where user_id = $2) then user_scope($2) else 'user' end as scope
from session
