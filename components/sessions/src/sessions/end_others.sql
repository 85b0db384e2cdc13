-- Ends all live sessions of the user but one, and those that could still begin with a refresh token of the
-- service before this one.
-- $1 user, $2 the session that goes on, $3 origin
with ended as (
    update sessions
    set revoked_at = now(), revoked_reason = 'logout'
    where user_id = $1 and id <> $2 and revoked_at is null and expires_at > now()
    returning id, user_id
), voided as (
    select end_legacy_refresh_tokens($1)
), audited as (
    insert into audit_log
    select entry.*
    from ended, audit_row(
        $3, 'user', ended.user_id, 'session_expired', 'success', ended.user_id,
        jsonb_build_object('session_id', ended.id, 'reason', 'logout')
    ) as entry
)
select array(select id::text from ended) as ended_sessions, (select count(*) from voided) as voided
