-- The notification preferences, and the version of their user.
-- $1 user
select account.version, preferences_document(preferences)::text as preferences_document
from users as account
join notification_preferences as preferences on preferences.user_id = account.id
where account.id = $1
