-- Writes users into the old service's tables, each with his profile and preferences.
-- $1 the users as a JSON array
with given as materialized (
    select given.*
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
        preferences jsonb
    )
), written as (
    insert into users as account (
        id, email, username, password, phone_number, first_name, last_name, is_active, is_verified, is_staff,
        is_superuser, last_login, last_login_ip, date_joined, created_at, updated_at
    )
    select
        id, email, username, password, phone_number, first_name, last_name, is_active, is_verified, is_staff,
        is_superuser, last_login, last_login_ip, date_joined, created_at, updated_at
    from given
    on conflict (id) do update
    set email = excluded.email,
        username = excluded.username,
        password = excluded.password,
        phone_number = excluded.phone_number,
        first_name = excluded.first_name,
        last_name = excluded.last_name,
        is_active = excluded.is_active,
        is_verified = excluded.is_verified,
        is_staff = excluded.is_staff,
        is_superuser = excluded.is_superuser,
        last_login = excluded.last_login,
        last_login_ip = excluded.last_login_ip,
        updated_at = excluded.updated_at
    returning account.id, case when account.xmax = 0 then 'imported' else 'updated' end as verdict
), profile as (
    insert into user_profiles (
        id, user_id, first_name, last_name, avatar_url, timezone, language, bio, created_at, updated_at
    )
    select
        profile.id, given.id, profile.first_name, profile.last_name, profile.avatar_url, profile.timezone,
        profile.language, profile.bio, profile.created_at, profile.updated_at
    from written
    join given on given.id = written.id
    cross join jsonb_populate_record(null::user_profiles, given.profile) as profile
    on conflict (user_id) do update
    set first_name = excluded.first_name,
        last_name = excluded.last_name,
        avatar_url = excluded.avatar_url,
        timezone = excluded.timezone,
        language = excluded.language,
        bio = excluded.bio,
        updated_at = excluded.updated_at
), preferences as (
    insert into notification_preferences (
        id, user_id, email_enabled, email_marketing, email_transactional, email_security, email_system,
        push_enabled, push_marketing, push_transactional, push_security, push_system, do_not_disturb_start,
        do_not_disturb_end, frequency_limit, created_at, updated_at
    )
    select
        preferences.id, given.id, preferences.email_enabled, preferences.email_marketing,
        preferences.email_transactional, preferences.email_security, preferences.email_system,
        preferences.push_enabled, preferences.push_marketing, preferences.push_transactional,
        preferences.push_security, preferences.push_system, preferences.do_not_disturb_start,
        preferences.do_not_disturb_end, preferences.frequency_limit, preferences.created_at,
        preferences.updated_at
    from written
    join given on given.id = written.id
    cross join jsonb_populate_record(null::notification_preferences, given.preferences) as preferences
    on conflict (user_id) do update
    set email_enabled = excluded.email_enabled,
        email_marketing = excluded.email_marketing,
        email_transactional = excluded.email_transactional,
        email_security = excluded.email_security,
        email_system = excluded.email_system,
        push_enabled = excluded.push_enabled,
        push_marketing = excluded.push_marketing,
        push_transactional = excluded.push_transactional,
        push_security = excluded.push_security,
        push_system = excluded.push_system,
        do_not_disturb_start = excluded.do_not_disturb_start,
        do_not_disturb_end = excluded.do_not_disturb_end,
        frequency_limit = excluded.frequency_limit,
        updated_at = excluded.updated_at
)
select id::text as id, verdict from written
