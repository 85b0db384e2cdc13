-- Changes what is given of a user and his profile; the rest stays.
-- $1 user, $2 user name or null, $3 phone number is given, $4 phone number or null,
-- $5 first name or null, $6 last name or null, $7 picture is given, $8 picture or null,
-- $9 time zone or null, $10 language or null, $11 bio or null
with changed_user as (
    update users as account
    set username = coalesce($2, account.username),
        phone_number = case when $3 then $4 else account.phone_number end,
        updated_at = now(),
        version = account.version + 1
    where account.id = $1
    returning account.id, account as row
), changed_profile as (
    update user_profiles as profile
    set first_name = coalesce($5, profile.first_name),
        last_name = coalesce($6, profile.last_name),
        avatar_url = case when $7 then $8 else profile.avatar_url end,
        timezone = coalesce($9, profile.timezone),
        language = coalesce($10, profile.language),
        bio = coalesce($11, profile.bio),
        updated_at = now()
    from changed_user
    where profile.user_id = changed_user.id
    returning profile as row
)
select
    (changed_user.row).version as version,
    user_document(
        changed_user.row,
        changed_profile.row,
        preferences,
        (select count(*) from push_tokens where user_id = changed_user.id and is_active)
    )::text as user_document,
    -- False if a change came between the snapshot, from which the other parts are, and our own.
    (select version from users where id = $1) + 1 = (changed_user.row).version as document_is_current
from changed_user
cross join changed_profile
join notification_preferences as preferences on preferences.user_id = changed_user.id
