-- Stores a new password hash for a token that was sent to the account's address. All sessions end, and
-- every other token is good for nothing: whoever had one may not be its owner. The address is known to
-- be his now. Answers no row if the token is not good any more: of two uses at once, one wins.
-- $1 token's row, $2 user, $3 the new hash, $4 destinations of events, $5 origin
with account as (
    select id from users where id = $2 and is_active for update
), used as (
    select use_account_token($1, account.id) as email from account
), changed as (
    update users as account
    set password = $3,
        is_verified = account.is_verified or lower(account.email) = used.email,
        password_reset_required_at = null,
        updated_at = now(),
        version = account.version + 1
    from used
    where account.id = $2 and used.email is not null
    returning account.id, account.version, account as row
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from changed, outbox_rows(
        $4, changed.id, changed.version, 'user.password_changed',
        json_build_object('user', event_user(changed.row))
    ) as event
), ended as (
    -- No session goes on.
    select end_other_sessions(id, '00000000-0000-0000-0000-000000000000') as id from changed
), voided as (
    -- Runs because it is counted below.
    select void_account_tokens(id) as id from changed
), audited as (
    insert into audit_log
    select entry.*
    from changed, audit_row(
        $5, 'user', changed.id, 'authn_password_reset', 'success', changed.id,
        jsonb_build_object(
            'ended_sessions', (select count(*) from ended),
            'voided_tokens', (select count(*) from voided)
        )
    ) as entry
)
select version, array(select id::text from ended) as ended_sessions
from changed
