-- The user object, and the version of it.
-- $1 user
select
    account.version,
    user_document(
        account,
        profile,
        preferences,
        (select count(*) from push_tokens where user_id = account.id and is_active)
    )::text as user_document
from users as account
join user_profiles as profile on profile.user_id = account.id
join notification_preferences as preferences on preferences.user_id = account.id
where account.id = $1
