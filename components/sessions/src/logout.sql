-- Ends a session of the user; ended again, it stays as it was. Answers a row if it is his.
-- $1 session, $2 user, $3 origin
with session as (
    select id, user_id, revoked_at from sessions where id = $1 and user_id = $2 for update
), ended as (
    update sessions
    set revoked_at = now(), revoked_reason = 'logout'
    from session
    where sessions.id = session.id and session.revoked_at is null
    returning sessions.id, sessions.user_id
), audited as (
    insert into audit_log
    select entry.*
    from ended, audit_row(
        $3, 'user', ended.user_id, 'session_expired', 'success', ended.user_id,
        jsonb_build_object('session_id', ended.id, 'reason', 'logout')
    ) as entry
)
select id from session
