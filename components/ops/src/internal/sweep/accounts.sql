-- Erases accounts whose grace period is over, as their owners have asked: see
-- components/auth/src/delete_account.sql.
-- $1 most of them, $2 destinations of events
with due as (
    select id from users
    where erase_at < now()
    order by erase_at
    limit $1::bigint
    for update skip locked
), erased as (
    delete from users as account
    using due
    where account.id = due.id
    returning account.id, account.version + 1 as version, account.email, account.username
), dead_letters as (
    delete from outbox using erased where outbox.user_id = erased.id and outbox.dead_at is not null
), profile as (
    select profile.user_id, profile.language
    from user_profiles as profile
    join due on profile.user_id = due.id
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from erased
    join profile on profile.user_id = erased.id
    cross join outbox_rows(
        $2, erased.id, erased.version, 'user.deleted',
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
        null, 'user', erased.id, 'user_deleted', 'success', erased.id, '{"by": "grace_period"}'
    ) as entry
)
select id, version from erased
