-- Keeps a user from signing in, ends his sessions, and makes worthless what was sent to him, so that none of
-- it is good again once he is activated. Answers no row if that changes nothing.
-- $1 user, $2 origin, $3 who does it, $4 why, $5 destinations of events
with changed as (
    update users as account
    set is_active = false, updated_at = now(), version = account.version + 1
    where account.id = $1 and account.is_active
    returning account.id, account.version, account as row
), ended as (
    select end_sessions(changed.id, 'deactivated') as id from changed
), number as (
    select count(*) as ended from ended
), voided as (
    -- Runs because it is counted below.
    select void_account_tokens(changed.id) as id from changed
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from changed, outbox_rows(
        $5, changed.id, changed.version, 'user.updated',
        json_build_object('user', event_user(changed.row))
    ) as event
), audited as (
    insert into audit_log
    select entry.*
    from changed, number, audit_row(
        $2, 'user', $3, 'user_deactivated', 'success', changed.id,
        jsonb_build_object(
            'reason', $4::text,
            'ended_sessions', number.ended,
            'voided_tokens', (select count(*) from voided)
        )
    ) as entry
)
select version, array(select id::text from ended) as ended_sessions from changed
