-- Has a user reset his password before he signs in again, ends his sessions, and tells the e-mail service
-- of a token by which he does it. Nobody sets one for him. Every other token is good for nothing: whoever
-- had one may not be its owner.
-- $1 user, $2 origin, $3 who does it, $4 why, $5 SHA-256 of the token in hex, $6 hash of the code in hex,
-- $7 seconds that the token is good for, $8 the same of the code, $9 token, $10 code, $11 destinations of
-- events
with marked as (
    update users as account
    set password_reset_required_at = now(), updated_at = now(), version = account.version + 1
    where account.id = $1
    returning account.id, account.version, account.is_active, lower(account.email) as email, account as row
), token as (
    select issued.*
    from marked, issue_account_token(
        marked.id, 'password_reset', marked.email, decode($5, 'hex'), decode($6, 'hex'), $7::bigint, $8::bigint
    ) as issued
    where marked.is_active
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data, expires_at)
    select event.*, token.expires_at
    from marked, token, outbox_rows(
        $11, marked.id, marked.version, 'user.password_reset_requested',
        json_build_object(
            'user', event_user(marked.row),
            'token', $9::text,
            'expires_at', iso8601(token.expires_at),
            'code', $10::text,
            'code_expires_at', iso8601(token.code_expires_at)
        )
    ) as event
), ended as (
    select end_sessions(marked.id, 'password_reset_required') as id from marked
), number as (
    select count(*) as ended from ended
), voided as (
    -- Runs because it is counted below.
    select void_other_account_tokens(marked.id, 'password_reset') as id from marked
), audited as (
    insert into audit_log
    select entry.*
    from marked, number, audit_row(
        $2, 'user', $3, 'authn_password_reset_required', 'success', marked.id,
        jsonb_build_object(
            'reason', $4::text,
            'ended_sessions', number.ended,
            'voided_tokens', (select count(*) from voided)
        )
    ) as entry
)
select version, array(select id::text from ended) as ended_sessions from marked
