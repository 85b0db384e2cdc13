-- Ends all live sessions of the user but one, and those that could still begin with a refresh token of the
-- service before this one. The user's row is locked first, as by a login: a session that begins at the same
-- moment ends, too, or begins after this.
-- $1 user, $2 the session that goes on, $3 origin
with account as (
    select id from users where id = $1 for update
), ended as (
    select account.id as user_id, end_other_sessions(account.id, $2, 'logout') as id from account
), audited as (
    insert into audit_log
    select entry.*
    from ended, audit_row(
        $3, 'user', ended.user_id, 'session_expired', 'success', ended.user_id,
        jsonb_build_object('session_id', ended.id, 'reason', 'logout')
    ) as entry
)
select array(select id::text from ended) as ended_sessions
