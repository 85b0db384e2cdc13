-- Gives an account a token for another address, and tells the e-mail service of it, unless the address
-- is its own or another account's. Answers no row if the password is no longer the one that was
-- verified, or if what ends the caller's session came first: else the token would outlive it.
-- $1 user, $2 the hash that was verified, $3 new e-mail in lower case, $4 SHA-256 of the token in hex,
-- $5 seconds that the token is good for, $6 token, $7 destinations of events, $8 origin
with owner as (
    select
        account.id,
        lower(account.email) = $3::text as is_own,
        exists (select from users where lower(email) = $3::text and id <> $1) as is_taken
    from users as account
    where account.id = $1
      and account.password = $2
      and account.is_active
      and account.password_reset_required_at is null
      and account.erase_at is null
    for update of account
), changed as (
    update users as account
    set version = account.version + 1
    from owner
    where account.id = owner.id and not owner.is_own and not owner.is_taken
    returning account.id, account.version, account as row
), token as (
    select issued.*
    from changed, issue_account_token(
        changed.id, 'email_change', $3::text, decode($4, 'hex'), null, $5::bigint, 0
    ) as issued
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data, expires_at)
    select event.*, token.expires_at
    from changed, token, outbox_rows(
        $7, changed.id, changed.version, 'user.email_change_requested',
        json_build_object(
            'user', event_user(changed.row),
            'new_email', $3::text,
            'token', $6::text,
            'expires_at', iso8601(token.expires_at)
        )
    ) as event
), audited as (
    insert into audit_log
    select entry.*
    from changed, audit_row(
        $8, 'user', changed.id, 'user_email_change_requested', 'success', changed.id, '{}'
    ) as entry
)
select owner.is_own, owner.is_taken, (select id from token) as token_id
from owner
