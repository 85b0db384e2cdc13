-- Changes what is given of a user and his profile; the rest stays.
-- $1 user, $2 user name or null, $3 phone number is given, $4 phone number or null,
-- $5 first name or null, $6 last name or null, $7 picture is given, $8 picture or null,
-- $9 time zone or null, $10 language or null, $11 bio or null, $12 destinations of events
with user_before as (
    -- Locked first, so that it is as the change before this one has left it.
    select account.id, account as row from users as account where account.id = $1 for update
), changed_user as (
    update users as account
    set username = coalesce($2, account.username),
        phone_number = case when $3 then $4 else account.phone_number end,
        updated_at = now(),
        version = account.version + 1
    from user_before
    where account.id = user_before.id
    returning account.id, account as row, user_before.row as before
), profile_before as (
    select profile.id, profile as row
    from user_profiles as profile
    join changed_user on profile.user_id = changed_user.id
    for update of profile
), changed_profile as (
    update user_profiles as profile
    set first_name = coalesce($5, profile.first_name),
        last_name = coalesce($6, profile.last_name),
        avatar_url = case when $7 then $8 else profile.avatar_url end,
        timezone = coalesce($9, profile.timezone),
        language = coalesce($10, profile.language),
        bio = coalesce($11, profile.bio),
        updated_at = now()
    from profile_before
    where profile.id = profile_before.id
    returning profile as row, profile_before.row as before
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from changed_user, changed_profile, outbox_rows(
        $12, changed_user.id, (changed_user.row).version, 'user.updated',
        json_build_object('user', event_user(changed_user.row, changed_profile.row))
    ) as event
    where cardinality(changed_fields(
        (to_jsonb(changed_user.before) || to_jsonb(changed_profile.before)) - 'version',
        (to_jsonb(changed_user.row) || to_jsonb(changed_profile.row)) - 'version'
    )) > 0
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
