-- Stores a new password hash, ends the user's other sessions, and makes worthless what was sent to his
-- address. Answers no row if the password is no longer the one that was verified: of two changes at
-- once, one wins.
-- $1 user, $2 the hash that was verified, $3 the new hash, $4 the session that goes on,
-- $5 destinations of events, $6 origin
with changed as (
    update users as account
    set password = $3, updated_at = now(), version = account.version + 1
    where account.id = $1 and account.password = $2
    returning account.id, account.version, account as row
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from changed, outbox_rows(
        $5, changed.id, changed.version, 'user.password_changed',
        json_build_object('user', event_user(changed.row))
    ) as event
), ended as (
    select end_other_sessions(id, $4) as id from changed
), voided as (
    -- Runs because it is counted below.
    select void_account_tokens(id) as id from changed
), audited as (
    insert into audit_log
    select entry.*
    from changed, audit_row(
        $6, 'user', changed.id, 'authn_password_change', 'success', changed.id,
        jsonb_build_object('ended_sessions', (select count(*) from ended))
    ) as entry
)
select version, array(select id::text from ended) as ended_sessions, (select count(*) from voided) as voided_tokens
from changed
