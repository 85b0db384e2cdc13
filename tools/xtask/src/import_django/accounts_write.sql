-- Brings users over, each with his profile, preferences and roles. What was changed or removed here since an
-- earlier run stays as it is here. Answers what has become of each; nothing of one whose e-mail address or
-- user name somebody else has here.
-- $1 the users as a JSON array, $2 who does it
with given as materialized (
    select
        given.*,
        greatest(
            given.updated_at,
            (given.profile ->> 'updated_at')::timestamptz,
            (given.preferences ->> 'updated_at')::timestamptz
        ) as last_updated_at
    from jsonb_to_recordset($1::text::jsonb) as given (
        id uuid,
        email text,
        username text,
        password text,
        phone_number text,
        first_name text,
        last_name text,
        is_active boolean,
        is_verified boolean,
        is_staff boolean,
        is_superuser boolean,
        last_login timestamptz,
        last_login_ip inet,
        date_joined timestamptz,
        created_at timestamptz,
        updated_at timestamptz,
        profile jsonb,
        preferences jsonb,
        digest text
    )
), judged as materialized (
    select
        given.*,
        account.updated_at as own_updated_at,
        coalesce(account.is_staff, false) as was_staff,
        coalesce(account.is_superuser, false) as was_superuser,
        case
            when mark.id is null and account.id is null then 'imported'
            when mark.id is null then 'of_this_service'
            when account.id is null then 'erased_here'
            when mark.digest = decode(given.digest, 'hex') then 'unchanged'
            when greatest(account.updated_at, profile.updated_at, preferences.updated_at) = mark.updated_at
                then 'updated'
            else 'changed_here'
        end as verdict
    from given
    left join imported_rows as mark on mark.source_table = 'users' and mark.id = given.id
    left join users as account on account.id = given.id
    left join user_profiles as profile on profile.user_id = given.id
    left join notification_preferences as preferences on preferences.user_id = given.id
), inserted as (
    insert into users (
        id, email, username, password, phone_number, first_name, last_name, is_active, is_verified, is_staff,
        is_superuser, last_login, last_login_ip, date_joined, created_at, updated_at
    )
    select
        id, email, username, password, phone_number, first_name, last_name, is_active, is_verified, is_staff,
        is_superuser, last_login, last_login_ip, date_joined, created_at, updated_at
    from judged
    where verdict = 'imported'
    on conflict do nothing
    returning id
), updated as (
    update users as account
    set email = judged.email,
        username = judged.username,
        password = judged.password,
        phone_number = judged.phone_number,
        first_name = judged.first_name,
        last_name = judged.last_name,
        is_active = judged.is_active,
        is_verified = judged.is_verified,
        is_staff = judged.is_staff,
        is_superuser = judged.is_superuser,
        last_login = greatest(account.last_login, judged.last_login),
        last_login_ip = case
            when judged.last_login > account.last_login or account.last_login is null then judged.last_login_ip
            else account.last_login_ip
        end,
        updated_at = judged.updated_at,
        version = account.version + 1
    from judged
    where judged.verdict = 'updated'
      and account.id = judged.id
      -- Not if it was changed here a moment ago.
      and account.updated_at = judged.own_updated_at
    returning account.id, account.version
), done as (
    select judged.*
    from judged
    where id in (select id from inserted union all select id from updated)
), new_profile as (
    insert into user_profiles (
        id, user_id, first_name, last_name, avatar_url, timezone, language, bio, created_at, updated_at
    )
    select
        coalesce(profile.id, uuid_v7()), inserted.id, profile.first_name, profile.last_name, profile.avatar_url,
        profile.timezone, profile.language, profile.bio, profile.created_at, profile.updated_at
    from inserted
    join judged on judged.id = inserted.id
    cross join jsonb_populate_record(null::user_profiles, judged.profile) as profile
), changed_profile as (
    update user_profiles as own
    set first_name = profile.first_name,
        last_name = profile.last_name,
        avatar_url = profile.avatar_url,
        timezone = profile.timezone,
        language = profile.language,
        bio = profile.bio,
        updated_at = profile.updated_at
    from updated
    join judged on judged.id = updated.id
    cross join jsonb_populate_record(null::user_profiles, judged.profile) as profile
    where own.user_id = updated.id
), new_preferences as (
    insert into notification_preferences (
        id, user_id, email_enabled, email_marketing, email_transactional, email_security, email_system,
        push_enabled, push_marketing, push_transactional, push_security, push_system, do_not_disturb_start,
        do_not_disturb_end, frequency_limit, created_at, updated_at
    )
    select
        coalesce(preferences.id, uuid_v7()), inserted.id, preferences.email_enabled,
        preferences.email_marketing, preferences.email_transactional, preferences.email_security,
        preferences.email_system, preferences.push_enabled, preferences.push_marketing,
        preferences.push_transactional, preferences.push_security, preferences.push_system,
        preferences.do_not_disturb_start, preferences.do_not_disturb_end, preferences.frequency_limit,
        preferences.created_at, preferences.updated_at
    from inserted
    join judged on judged.id = inserted.id
    cross join jsonb_populate_record(null::notification_preferences, judged.preferences) as preferences
), changed_preferences as (
    update notification_preferences as own
    set email_enabled = preferences.email_enabled,
        email_marketing = preferences.email_marketing,
        email_transactional = preferences.email_transactional,
        email_security = preferences.email_security,
        email_system = preferences.email_system,
        push_enabled = preferences.push_enabled,
        push_marketing = preferences.push_marketing,
        push_transactional = preferences.push_transactional,
        push_security = preferences.push_security,
        push_system = preferences.push_system,
        do_not_disturb_start = preferences.do_not_disturb_start,
        do_not_disturb_end = preferences.do_not_disturb_end,
        frequency_limit = preferences.frequency_limit,
        updated_at = preferences.updated_at
    from updated
    join judged on judged.id = updated.id
    cross join jsonb_populate_record(null::notification_preferences, judged.preferences) as preferences
    where own.user_id = updated.id
), flag as (
    select done.id, role.name, role.is_set, role.was_set
    from done
    cross join lateral (
        values ('support', done.is_staff, done.was_staff), ('admin', done.is_superuser, done.was_superuser)
    ) as role (name, is_set, was_set)
), granted as (
    insert into user_roles (user_id, role)
    select id, name from flag where is_set and not was_set
    on conflict do nothing
    returning user_id, role
), revoked as (
    delete from user_roles
    using flag
    where user_roles.user_id = flag.id
      and user_roles.role = flag.name
      and user_roles.granted_by is null
      and flag.was_set
      and not flag.is_set
    returning user_roles.user_id, user_roles.role
), audited as (
    insert into audit_log
    select entry.*
    from granted, audit_row(
        null, 'operator', null, 'authz_change', 'success', granted.user_id,
        jsonb_build_object('operator', $2::text, 'granted', granted.role, 'by', 'import')
    ) as entry
    union all
    select entry.*
    from revoked, audit_row(
        null, 'operator', null, 'authz_change', 'success', revoked.user_id,
        jsonb_build_object('operator', $2::text, 'revoked', revoked.role, 'by', 'import')
    ) as entry
), marked as (
    insert into imported_rows (source_table, id, digest, updated_at)
    select 'users', id, decode(digest, 'hex'), last_updated_at from done
    on conflict (source_table, id) do update
    set digest = excluded.digest, updated_at = excluded.updated_at
), untold as (
    insert into untold_changes (user_id, entries)
    select updated.id, outdated_documents(updated.id, updated.version)
    from updated
    where exists (select from sessions where user_id = updated.id)
)
select judged.id::text as id, judged.verdict
from judged
where judged.verdict not in ('imported', 'updated') or judged.id in (select id from done)
