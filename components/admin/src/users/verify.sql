-- Marks the e-mail address of a user as verified. Answers no row if that changes nothing.
-- $1 user, $2 origin, $3 who does it, $4 why, $5 destinations of events
with changed as (
    update users as account
    set is_verified = true, updated_at = now(), version = account.version + 1
    where account.id = $1 and not account.is_verified
    returning account.id, account.version, account as row
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
    from changed, audit_row(
        $2, 'user', $3, 'user_verified', 'success', changed.id, jsonb_build_object('reason', $4::text)
    ) as entry
)
select version, array[]::text[] as ended_sessions from changed
