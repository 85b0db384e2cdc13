-- The same objects, rendered by functions that PostgreSQL inlines into the statement: a subquery in the
-- body kept it from that, and calling them cost several times what reading the rows does.

create or replace function profile_document(profile user_profiles, username text) returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'id', profile.id,
        'first_name', profile.first_name,
        'last_name', profile.last_name,
        'full_name', case
            when profile.first_name <> '' and profile.last_name <> ''
            then profile.first_name || ' ' || profile.last_name
            else username
        end,
        'avatar_url', profile.avatar_url,
        'timezone', profile.timezone,
        'language', profile.language,
        'bio', profile.bio,
        'created_at', iso8601(profile.created_at),
        'updated_at', iso8601(profile.updated_at)
    )
$$;

create or replace function preferences_document(preferences notification_preferences) returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'id', preferences.id,
        'email_enabled', preferences.email_enabled,
        'email_marketing', preferences.email_marketing,
        'email_transactional', preferences.email_transactional,
        'email_security', preferences.email_security,
        'email_system', preferences.email_system,
        'push_enabled', preferences.push_enabled,
        'push_marketing', preferences.push_marketing,
        'push_transactional', preferences.push_transactional,
        'push_security', preferences.push_security,
        'push_system', preferences.push_system,
        'do_not_disturb_start', iso8601(preferences.do_not_disturb_start),
        'do_not_disturb_end', iso8601(preferences.do_not_disturb_end),
        'frequency_limit', preferences.frequency_limit,
        'created_at', iso8601(preferences.created_at),
        'updated_at', iso8601(preferences.updated_at)
    )
$$;

-- Without the token itself: it is write-only.
create or replace function push_token_document(push_token push_tokens) returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'id', push_token.id,
        'token_type', push_token.token_type,
        'platform', push_token.platform,
        'device_id', push_token.device_id,
        'device_name', push_token.device_name,
        'is_active', push_token.is_active,
        'last_used', iso8601(push_token.last_used),
        'created_at', iso8601(push_token.created_at),
        'updated_at', iso8601(push_token.updated_at)
    )
$$;

create or replace function user_document(
    account users,
    profile user_profiles,
    preferences notification_preferences,
    push_tokens_count bigint
) returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'id', account.id,
        'email', account.email,
        'username', account.username,
        'phone_number', account.phone_number,
        'is_verified', account.is_verified,
        'is_active', account.is_active,
        'created_at', iso8601(account.created_at),
        'updated_at', iso8601(account.updated_at),
        'last_login', iso8601(account.last_login),
        'profile', profile_document(profile, account.username),
        'notification_preferences', preferences_document(preferences),
        'push_tokens_count', push_tokens_count
    )
$$;
