-- Ends all sessions of a user.
-- $1 user, $2 origin, $3 who does it, $4 why
with account as (
    select id from users where id = $1 for update
), ended as (
    select end_sessions(account.id, 'ended_by_administrator') as id from account
), number as (
    select count(*) as ended from ended
), audited as (
    insert into audit_log
    select entry.*
    from account, number, audit_row(
        $2, 'user', $3, 'sessions_ended', 'success', account.id,
        jsonb_build_object('reason', $4::text, 'ended_sessions', number.ended)
    ) as entry
    where number.ended > 0
)
select null::bigint as version, array(select id::text from ended) as ended_sessions from account
