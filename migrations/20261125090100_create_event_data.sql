-- What events say of the objects that they are about. Smaller than the API's documents: an event
-- must fit into 10 KiB, the largest packet that Spin's MQTT client sends.

create function event_user(account users, profile user_profiles) returns json
language sql stable parallel safe
as $$
    select row_to_json(document)
    from (
        select
            account.id,
            account.email,
            account.username,
            profile.first_name,
            profile.last_name,
            profile_document(profile, account.username) ->> 'full_name' as full_name,
            account.phone_number,
            profile.timezone,
            profile.language,
            account.is_active,
            account.is_verified,
            profile.avatar_url
    ) as document
$$;

-- With the token itself: the push service sends to it.
create function event_push_token(push_token push_tokens) returns json
language sql stable parallel safe
as $$
    select row_to_json(document)
    from (
        select
            push_token.id,
            push_token.token,
            push_token.token_type,
            push_token.platform,
            push_token.device_id,
            push_token.device_name,
            push_token.is_active
    ) as document
$$;

-- The names of the fields in which two documents differ, but for the moment of the change.
create function changed_fields(before jsonb, after jsonb) returns text[]
language sql immutable parallel safe
as $$
    select coalesce(array_agg(name order by name), '{}')
    from jsonb_each(after) as field (name, value)
    where name <> 'updated_at' and value is distinct from before -> name
$$;
