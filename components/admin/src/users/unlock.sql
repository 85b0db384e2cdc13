-- Forgets the attempts at signing in to an account that PostgreSQL has counted, and answers by what Redis
-- has counted them: the e-mail address, and where its owner has signed in.
-- $1 user, $2 origin, $3 who does it, $4 why
with account as (
    select id, lower(email) as email from users where id = $1
), address as (
    -- Of IPv6 the network, as `ClientAddress::rate_key` has it.
    select distinct case family(ip) when 4 then host(ip) else network(set_masklen(ip, 64))::text end as rate_key
    from (
        select ip from sessions where user_id = $1 and ip is not null order by created_at desc limit 100
    ) as session
), login as (
    select 'login:' || encode(sha256(convert_to(email, 'UTF8')), 'hex') as key from account
), forgotten as (
    delete from rate_limits
    where key in (
        select key from login
        union all
        select login.key || ':' || address.rate_key from login, address
        union all
        select 'password_change:' || id from account
    )
), audited as (
    insert into audit_log
    select entry.*
    from account, audit_row(
        $2, 'user', $3, 'authn_login_unlock', 'success', account.id, jsonb_build_object('reason', $4::text)
    ) as entry
)
select email, array(select rate_key from address) as addresses from account
