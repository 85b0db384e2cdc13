-- Has an account erased later and ends its sessions; the event carries a token by which its owner can
-- keep it, and every other token is good for nothing. Answers no row if the password is no longer the one
-- that was verified. A trigger refuses the last administrator.
-- $1 user, $2 the hash that was verified, $3 seconds until then, $4 SHA-256 of the token in hex, $5 token,
-- $6 destinations of events, $7 origin
with changed as (
    update users as account
    set erase_at = now() + make_interval(secs => $3::bigint), version = account.version + 1
    where account.id = $1 and account.password = $2
    returning account.id, account.version, account as row
), token as (
    select issued.*
    from changed, issue_account_token(
        changed.id, 'deletion_cancel', lower((changed.row).email), decode($4, 'hex'), null, $3::bigint, 0
    ) as issued
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data, expires_at)
    select event.*, token.expires_at
    from changed, token, outbox_rows(
        $6, changed.id, changed.version, 'user.deletion_scheduled',
        json_build_object(
            'user', event_user(changed.row),
            'erase_at', iso8601((changed.row).erase_at),
            'token', $5::text
        )
    ) as event
), ended as (
    -- No session goes on.
    select end_sessions(id, 'deletion_scheduled') as id from changed
), voided as (
    -- Runs because it is counted below.
    select void_other_account_tokens(id, 'deletion_cancel') as id from changed
), audited as (
    insert into audit_log
    select entry.*
    from changed, audit_row(
        $7, 'user', changed.id, 'user_archived', 'success', changed.id,
        jsonb_build_object(
            'ended_sessions', (select count(*) from ended),
            'voided_tokens', (select count(*) from voided)
        )
    ) as entry
)
select
    changed.version,
    iso8601((changed.row).erase_at) as erase_at,
    array(select id::text from ended) as ended_sessions,
    token.id as token_id
from changed, token
