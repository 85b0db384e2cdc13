-- The objects of the API, rendered where the data is: one column comes back, is cached as it is
-- and sent as it is. Statements pass rows, not ids, so that a statement that changes a row
-- renders what it has written.

create function profile_document(profile user_profiles, username text) returns json
language sql stable parallel safe
as $$
    select row_to_json(document)
    from (
        select
            profile.id,
            profile.first_name,
            profile.last_name,
            case
                when profile.first_name <> '' and profile.last_name <> ''
                then profile.first_name || ' ' || profile.last_name
                else username
            end as full_name,
            profile.avatar_url,
            profile.timezone,
            profile.language,
            profile.bio,
            iso8601(profile.created_at) as created_at,
            iso8601(profile.updated_at) as updated_at
    ) as document
$$;

create function preferences_document(preferences notification_preferences) returns json
language sql stable parallel safe
as $$
    select row_to_json(document)
    from (
        select
            preferences.id,
            preferences.email_enabled,
            preferences.email_marketing,
            preferences.email_transactional,
            preferences.email_security,
            preferences.email_system,
            preferences.push_enabled,
            preferences.push_marketing,
            preferences.push_transactional,
            preferences.push_security,
            preferences.push_system,
            iso8601(preferences.do_not_disturb_start) as do_not_disturb_start,
            iso8601(preferences.do_not_disturb_end) as do_not_disturb_end,
            preferences.frequency_limit,
            iso8601(preferences.created_at) as created_at,
            iso8601(preferences.updated_at) as updated_at
    ) as document
$$;

-- Without the token itself: it is write-only.
create function push_token_document(push_token push_tokens) returns json
language sql stable parallel safe
as $$
    select row_to_json(document)
    from (
        select
            push_token.id,
            push_token.token_type,
            push_token.platform,
            push_token.device_id,
            push_token.device_name,
            push_token.is_active,
            iso8601(push_token.last_used) as last_used,
            iso8601(push_token.created_at) as created_at,
            iso8601(push_token.updated_at) as updated_at
    ) as document
$$;

create function user_document(
    account users,
    profile user_profiles,
    preferences notification_preferences,
    push_tokens_count bigint
) returns json
language sql stable parallel safe
as $$
    select row_to_json(document)
    from (
        select
            account.id,
            account.email,
            account.username,
            account.phone_number,
            account.is_verified,
            account.is_active,
            iso8601(account.created_at) as created_at,
            iso8601(account.updated_at) as updated_at,
            iso8601(account.last_login) as last_login,
            profile_document(profile, account.username) as profile,
            preferences_document(preferences) as notification_preferences,
            push_tokens_count
    ) as document
$$;
