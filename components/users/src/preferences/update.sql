-- Changes what is given of the notification preferences; the rest stays.
-- $1 user; for each switch its value or null: $2 .. $6 e-mail (enabled, marketing, transactional,
-- security, system), $7 .. $11 push (the same); $12 begin of do-not-disturb is given, $13 begin or
-- null, $14 end is given, $15 end or null, $16 frequency limit or null, $17 destinations of events
with changed_user as (
    update users set version = version + 1 where id = $1 returning id, version
), before as (
    -- Locked after the user, so that it is as the change before this one has left it.
    select preferences.id, preferences as row
    from notification_preferences as preferences
    join changed_user on preferences.user_id = changed_user.id
    for update of preferences
), changed as (
    update notification_preferences as preferences
    set email_enabled = coalesce($2, preferences.email_enabled),
        email_marketing = coalesce($3, preferences.email_marketing),
        email_transactional = coalesce($4, preferences.email_transactional),
        email_security = coalesce($5, preferences.email_security),
        email_system = coalesce($6, preferences.email_system),
        push_enabled = coalesce($7, preferences.push_enabled),
        push_marketing = coalesce($8, preferences.push_marketing),
        push_transactional = coalesce($9, preferences.push_transactional),
        push_security = coalesce($10, preferences.push_security),
        push_system = coalesce($11, preferences.push_system),
        do_not_disturb_start = case when $12 then $13::text::time else preferences.do_not_disturb_start end,
        do_not_disturb_end = case when $14 then $15::text::time else preferences.do_not_disturb_end end,
        frequency_limit = coalesce($16::int4, preferences.frequency_limit),
        updated_at = now()
    from before
    where preferences.id = before.id
    returning preferences as row, before.row as before
), difference as (
    select
        preferences_document(row) as preferences,
        changed_fields(preferences_document(before)::jsonb, preferences_document(row)::jsonb) as fields
    from changed
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from changed_user, difference, outbox_rows(
        $17, changed_user.id, changed_user.version, 'user.preferences_updated',
        json_build_object('preferences', difference.preferences, 'changed', difference.fields)
    ) as event
    where cardinality(difference.fields) > 0
)
select changed_user.version, difference.preferences::text as preferences_document
from changed_user, difference
