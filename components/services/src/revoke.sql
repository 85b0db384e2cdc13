-- Ends a session for a service that has one of its tokens: to the user it is a logout. Ended again, it
-- stays as it was. Answers a row if it has ended by this.
-- $1 session, $2 user, $3 service account, $4 origin
with ended as (
    update sessions
    set revoked_at = now(), revoked_reason = 'logout'
    where id = $1 and user_id = $2 and revoked_at is null
    returning id, user_id
), audited as (
    insert into audit_log
    select entry.*
    from ended, audit_row(
        $4, 'service', $3, 'session_expired', 'success', ended.user_id,
        jsonb_build_object('session_id', ended.id, 'reason', 'revoked_by_service')
    ) as entry
)
select id from ended
