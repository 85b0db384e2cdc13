-- The users of the old service in the order of their identifiers, each with his profile and preferences.
-- $1 the last one that is known, $2 how many at most
select
    account.id::text as id,
    json_build_object('account', account, 'profile', profile, 'preferences', preferences)::text as content
from users as account
left join user_profiles as profile on profile.user_id = account.id
left join notification_preferences as preferences on preferences.user_id = account.id
where account.id > $1::text::uuid
order by account.id
limit $2
