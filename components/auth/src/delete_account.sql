-- Erases an account with everything that belongs to it: the tables refer to it with ON DELETE
-- CASCADE, and what the outbox holds is gone once it is delivered. The log of his attempts goes too,
-- if it was kept here. Answers no row if the password is no longer the one that was verified.
-- $1 user, $2 the hash that was verified, $3 destinations of events, $4 origin
with erased as (
    delete from users as account
    where account.id = $1 and account.password = $2
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
        $3, erased.id, erased.version, 'user.deleted',
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
    from erased, audit_row($4, 'user', erased.id, 'user_deleted', 'success', erased.id, '{}') as entry
)
select version, array(select sessions_of(id)::text) as ended_sessions
from erased
