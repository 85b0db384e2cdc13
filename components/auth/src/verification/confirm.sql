-- Verifies the address of an account by a token that was sent there. Answers no row if the token is not
-- good any more.
-- $1 token's row, $2 user, $3 destinations of events, $4 origin
with account as (
    select id from users where id = $2 and is_active for update
), used as (
    select use_account_token($1, account.id) as email from account
), changed as (
    update users as account
    set is_verified = true, updated_at = now(), version = account.version + 1
    from used
    where account.id = $2 and lower(account.email) = used.email
    returning account.id, account.version, account as row
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from changed, outbox_rows(
        $3, changed.id, changed.version, 'user.updated',
        json_build_object('user', event_user(changed.row))
    ) as event
), audited as (
    insert into audit_log
    select entry.*
    from changed, audit_row(
        $4, 'user', changed.id, 'user_verified', 'success', changed.id, '{}'
    ) as entry
)
select version, '{}'::text[] as ended_sessions
from changed
