-- Erases an account with everything that belongs to it, as delete_account.sql does for its owner.
-- $1 user, $2 origin, $3 who does it, $4 why, $5 destinations of events
with erased as (
    delete from users as account
    where account.id = $1
    returning account.id, account.version + 1 as version, account.email, account.username
), dead_letters as (
    delete from outbox using erased where outbox.user_id = erased.id and outbox.dead_at is not null
), attempts as (
    delete from rate_limits using erased where rate_limits.key = 'password_change:' || erased.id
), profile as (
    -- Locked after the user, so that it is as the change before this one has left it.
    select profile.language
    from user_profiles as profile
    join erased on profile.user_id = erased.id
    for share of profile
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from erased, profile, outbox_rows(
        $5, erased.id, erased.version, 'user.deleted',
        json_build_object('user', json_build_object(
            'id', erased.id,
            'email', erased.email,
            'username', erased.username,
            'language', profile.language
        ))
    ) as event
), audited as (
    insert into audit_log
    select entry.*
    from erased, audit_row(
        $2, 'user', $3, 'user_deleted', 'success', erased.id, jsonb_build_object('reason', $4::text)
    ) as entry
)
select version, array(select sessions_of(id)::text) as ended_sessions
from erased
