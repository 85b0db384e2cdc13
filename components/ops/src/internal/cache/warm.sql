-- The cached documents of everybody who has used a session of this page within the last hour, each with
-- the last session of the page. If there is nobody, a row without a user says where the page ended; no
-- row: there are no more sessions.
-- $1 the page begins before this session, the newest first; $2 sessions of a page
with page as (
    select id, user_id, last_used_at, revoked_at
    from sessions
    where id < $1
    order by id desc
    limit $2::bigint
),
active as (
    select distinct user_id
    from page
    where last_used_at > now() - interval '1 hour' and revoked_at is null
)
select
    page_end.id as last_session,
    cached.*
from (select id from page order by id limit 1) as page_end
left join lateral (
    select
        account.id as user_id,
        account.version,
        user_document(
            account,
            profile,
            preferences,
            (select count(*) from push_tokens where user_id = account.id and is_active)
        )::text as user_document,
        preferences_document(preferences)::text as preferences_document
    from active
    join users as account on account.id = active.user_id
    join user_profiles as profile on profile.user_id = account.id
    join notification_preferences as preferences on preferences.user_id = account.id
    where account.is_active
) as cached on true
