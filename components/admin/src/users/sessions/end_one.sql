-- Ends a session of a user; ended again, it stays as it was. Answers a row if it is his.
-- $1 user, $2 origin, $3 who does it, $4 why, $5 session
with session as (
    select id, user_id, revoked_at from sessions where id = $5 and user_id = $1 for update
), ended as (
    update sessions
    set revoked_at = now(), revoked_reason = 'ended_by_administrator'
    from session
    where sessions.id = session.id and session.revoked_at is null
    returning sessions.id, sessions.user_id
), audited as (
    insert into audit_log
    select entry.*
    from ended, audit_row(
        $2, 'user', $3, 'sessions_ended', 'success', ended.user_id,
        jsonb_build_object('reason', $4::text, 'session_id', ended.id)
    ) as entry
)
select null::bigint as version, array[id::text] as ended_sessions from session
