-- The account that a registration with this idempotency key has made, whether that was the same
-- registration, and whether all is as it has left it: an account that was changed since, or a session that
-- has gone on or ended, is not for who has only the request.
-- $1 the key's row in hex, $2 the request's fingerprint in hex
select
    known.fingerprint = decode($2, 'hex') as is_same,
    account.is_active
        and account.updated_at = known.created_at
        and (known.session_id is null or session.id is not null) as is_untouched,
    account.id as user_id,
    account.version,
    user_document(
        account,
        profile,
        preferences,
        (select count(*) from push_tokens where user_id = account.id and is_active)
    )::text as user_document,
    preferences_document(preferences)::text as preferences_document,
    false as documents_are_current,
    session.id as session_id,
    0::bigint as generation,
    floor(extract(epoch from session.rotated_at))::bigint as generation_began,
    'user' as scope
from idempotency_keys as known
join users as account on account.id = known.user_id
join user_profiles as profile on profile.user_id = account.id
join notification_preferences as preferences on preferences.user_id = account.id
left join sessions as session
    on session.id = known.session_id
    and session.generation = 0
    and session.revoked_at is null
    and session.expires_at > now()
where known.id = decode($1, 'hex')
