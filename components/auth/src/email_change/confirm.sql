-- Gives an account the address to which the token was sent: it is known to be its owner's now. What was
-- sent to the old one is good for nothing any more; the event tells the old one. Answers no row if the
-- token is not good any more, or if the account waits for a reset of its password or for its erasure: that
-- is a matter of the old address.
-- $1 token's row, $2 user, $3 destinations of events, $4 origin
with account as (
    select id, email
    from users
    where id = $2 and is_active and password_reset_required_at is null and erase_at is null
    for update
), used as (
    select account.email as previous_email, use_account_token($1, account.id) as email from account
), changed as (
    update users as account
    set email = used.email, is_verified = true, updated_at = now(), version = account.version + 1
    from used
    where account.id = $2 and used.email is not null
    returning account.id, account.version, account as row, used.previous_email
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from changed, outbox_rows(
        $3, changed.id, changed.version, 'user.email_changed',
        json_build_object(
            'user', event_user(changed.row),
            'previous_email', changed.previous_email
        )
    ) as event
), voided as (
    -- Runs because it is counted below.
    select void_account_tokens(id) as id from changed
), audited as (
    insert into audit_log
    select entry.*
    from changed, audit_row(
        $4, 'user', changed.id, 'user_email_changed', 'success', changed.id,
        jsonb_build_object('voided_tokens', (select count(*) from voided))
    ) as entry
)
select version, '{}'::text[] as ended_sessions
from changed
