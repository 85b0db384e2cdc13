-- Forgets the attempts at signing in to an account that PostgreSQL has counted, and answers the e-mail
-- address by whose hash Redis has counted them.
-- $1 user, $2 origin, $3 who does it, $4 why
with account as (
    select id, lower(email) as email from users where id = $1
), forgotten as (
    delete from rate_limits
    using account
    where rate_limits.key in (
        'login:' || encode(sha256(convert_to(account.email, 'UTF8')), 'hex'),
        'password_change:' || account.id
    )
), audited as (
    insert into audit_log
    select entry.*
    from account, audit_row(
        $2, 'user', $3, 'authn_login_unlock', 'success', account.id, jsonb_build_object('reason', $4::text)
    ) as entry
)
select email from account
