-- Erases the user $1 with everything that belongs to him: the tables refer to him with ON DELETE
-- CASCADE, and what the outbox holds is gone once it is delivered. The logs of his attempts go too, as far
-- as they were kept here under his identifier; those under the hash of an e-mail address count for it
-- whosoever it is. Answers his last version and the sessions that ended.
-- $2 destinations of events, $3 origin, $4 who does it, $5 details of the act
create or replace function erase_user(uuid, text[], text, uuid, jsonb)
returns table (version bigint, ended_sessions text[])
language sql volatile
as $$
    with erased as (
        delete from users as account
        where account.id = $1
        returning account.id, account.version + 1 as version, account.email, account.username
    ), dead_letters as (
        delete from outbox using erased where outbox.user_id = erased.id and outbox.dead_at is not null
    ), attempts as (
        delete from rate_limits
        using erased
        where rate_limits.key = any (array['password_change:' || erased.id, 'export:' || erased.id])
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
        from erased, audit_row($3, 'user', $4, 'user_deleted', 'success', erased.id, $5) as entry
    )
    select erased.version, array(select sessions_of(erased.id)::text)
    from erased
$$;
