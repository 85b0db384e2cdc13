-- Creates an account with its profile, preferences and first session, and its push token if there
-- is one; a push token that is known moves to the new user.
-- $1 e-mail, $2 user names in the order of trying, $3 password hash, $4 first name, $5 last name,
-- $6 e-mail notifications, $7 push notifications, $8 push token or null, $9 client's address or
-- null, $10 user agent, $11 longest life of a session in seconds, $12 destinations of events,
-- $13 type of the push token, $14 origin, $15 whether a session begins; null without an idempotency
-- key: $16 its row in hex, $17 the request's fingerprint in hex
with known_token as (
    select push_token.id, push_token.user_id as owner, push_token as row
    from push_tokens as push_token
    where push_token.token = $8::text
    for update
), new_user as (
    insert into users as account (email, username, password, version)
    -- An event for the registration, another one for the push token.
    select $1, candidate, $3, case when $8::text is null then 1 else 2 end
    from unnest($2::text[]) with ordinality as candidates (candidate, position)
    where not exists (select from users where lower(username) = lower(candidate))
    order by position
    limit 1
    returning account.id, account as row
), new_profile as (
    insert into user_profiles as profile (user_id, first_name, last_name)
    select id, $4, $5 from new_user
    returning profile as row
), new_preferences as (
    insert into notification_preferences as preferences (user_id, email_enabled, push_enabled)
    select id, $6, $7 from new_user
    returning preferences as row
), new_token as (
    insert into push_tokens as push_token (user_id, token, token_type, platform)
    select id, $8::text, $13::text, 'web' from new_user
    where $8::text is not null and not exists (select from known_token)
    returning push_token as row
), moved_token as (
    update push_tokens as push_token
    set user_id = new_user.id,
        is_active = true,
        last_used = now(),
        registered_at = now(),
        updated_at = now()
    from known_token, new_user
    where push_token.id = known_token.id
    returning push_token as row
), own_token as (
    select row from new_token union all select row from moved_token
), previous_owner as (
    select owner as id, raise_user_version(owner) as version, row from known_token
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from new_user, new_profile, new_preferences, outbox_rows(
        $12, new_user.id, 1, 'user.registered',
        json_build_object(
            'user', event_user(new_user.row, new_profile.row),
            'preferences', preferences_document(new_preferences.row)
        )
    ) as event
    union all
    select event.*
    from new_user, own_token, outbox_rows(
        $12, new_user.id, 2, 'user.token_registered',
        json_build_object('push_token', event_push_token(own_token.row))
    ) as event
    union all
    select event.*
    from previous_owner, outbox_rows(
        $12, previous_owner.id, previous_owner.version, 'user.token_deleted',
        json_build_object('push_token', event_push_token(previous_owner.row), 'reason', 'moved')
    ) as event
), new_session as (
    insert into sessions (user_id, ip, user_agent, expires_at)
    select id, $9::text::inet, $10, now() + make_interval(secs => $11::bigint) from new_user
    where $15
    returning id, rotated_at
), remembered as (
    insert into idempotency_keys (id, user_id, fingerprint, status, session_id)
    select decode($16::text, 'hex'), new_user.id, decode($17::text, 'hex'), 201, new_session.id
    from new_user
    left join new_session on true
    where $16::text is not null
), audited as (
    insert into audit_log
    select entry.*
    from new_user
    left join new_session on true
    cross join audit_row(
        $14, 'user', new_user.id, 'user_created', 'success', new_user.id,
        jsonb_strip_nulls(jsonb_build_object('session_id', new_session.id))
    ) as entry
    union all
    select entry.*
    from new_user, moved_token, previous_owner, audit_row(
        $14, 'user', new_user.id, 'push_token_moved', 'success', previous_owner.id,
        jsonb_build_object('push_token_id', (moved_token.row).id)
    ) as entry
)
select
    new_user.id as user_id,
    (new_user.row).version as version,
    user_document(
        new_user.row,
        new_profile.row,
        new_preferences.row,
        (select count(*) from own_token)
    )::text as user_document,
    preferences_document(new_preferences.row)::text as preferences_document,
    true as documents_are_current,
    new_session.id as session_id,
    0::bigint as generation,
    floor(extract(epoch from new_session.rotated_at))::bigint as generation_began,
    'user' as scope,
    (select id from previous_owner) as previous_owner,
    (select version from previous_owner) as previous_owner_version
from new_user
cross join new_profile
cross join new_preferences
left join new_session on true
