-- Gives the account of an e-mail address a token, and tells the e-mail service of it. The event is gone
-- from the outbox once it is delivered, and is not delivered any more when the token has expired.
-- Answers no row if there is no such account, or nothing to verify.
-- $1 e-mail in lower case, $2 purpose: verification or password_reset, $3 SHA-256 of the token in hex,
-- $4 hash of the code in hex, $5 seconds that the token is good for, $6 the same of the code, $7 token,
-- $8 code, $9 destinations of events, $10 origin
with account as (
    update users as account
    set version = account.version + 1
    where lower(account.email) = $1::text
      and account.is_active
      and not ($2::text = 'verification' and account.is_verified)
    returning account.id, account.version, account as row
), token as (
    select issued.*
    from account, issue_account_token(
        account.id, $2::text, $1::text, decode($3, 'hex'), decode($4, 'hex'), $5::bigint, $6::bigint
    ) as issued
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data, expires_at)
    select event.*, token.expires_at
    from account, token, outbox_rows(
        $9, account.id, account.version, 'user.' || $2 || '_requested',
        json_build_object(
            'user', event_user(account.row),
            'token', $7::text,
            'expires_at', iso8601(token.expires_at),
            'code', $8::text,
            'code_expires_at', iso8601(token.code_expires_at)
        )
    ) as event
), audited as (
    insert into audit_log
    select entry.*
    from (select (select id from account) as id) as subject, audit_row(
        $10, 'anonymous', null,
        case $2 when 'verification' then 'user_verification_requested' else 'authn_password_reset_requested' end,
        case when subject.id is null then 'failure' else 'success' end,
        subject.id,
        case when subject.id is null then '{"reason": "no_account_in_need"}'::jsonb else '{}' end
    ) as entry
)
select account.id as user_id, token.id as token_id
from account, token
