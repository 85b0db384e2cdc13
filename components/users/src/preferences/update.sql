-- Changes what is given of the notification preferences; the rest stays.
-- $1 user; for each switch its value or null: $2 .. $6 e-mail (enabled, marketing, transactional,
-- security, system), $7 .. $11 push (the same); $12 begin of do-not-disturb is given, $13 begin or
-- null, $14 end is given, $15 end or null, $16 frequency limit or null
with changed_user as (
    update users set version = version + 1 where id = $1 returning id, version
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
    from changed_user
    where preferences.user_id = changed_user.id
    returning preferences as row
)
select changed_user.version, preferences_document(changed.row)::text as preferences_document
from changed_user, changed
