-- Keeps an account that is to be erased, by the token that was sent to its address. Answers no row if
-- the token is not good any more.
-- $1 token's row, $2 user, $3 destinations of events, $4 origin
with account as (
    select id from users where id = $2 and erase_at is not null for update
), used as (
    select use_account_token($1, account.id) as email from account
), changed as (
    update users as account
    set erase_at = null, version = account.version + 1
    from used
    where account.id = $2 and used.email is not null
    returning account.id, account.version, account as row
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from changed, outbox_rows(
        $3, changed.id, changed.version, 'user.deletion_cancelled',
        json_build_object('user', event_user(changed.row))
    ) as event
), audited as (
    insert into audit_log
    select entry.*
    from changed, audit_row(
        $4, 'user', changed.id, 'user_restored', 'success', changed.id, '{"by": "token"}'
    ) as entry
)
select version, '{}'::text[] as ended_sessions
from changed
