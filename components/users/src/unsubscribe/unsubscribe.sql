-- Switches off what a link unsubscribes from. Repeated, it changes nothing.
-- $1 user, $2 channel and category: 'email marketing'; $3 destinations of events, $4 origin
with changed_user as (
    update users set version = version + 1 where id = $1 returning id, version
), before as (
    select preferences.id, preferences as row
    from notification_preferences as preferences
    join changed_user on preferences.user_id = changed_user.id
    for update of preferences
), changed as (
    update notification_preferences as preferences
    set email_marketing = preferences.email_marketing and $2::text <> 'email marketing',
        email_transactional = preferences.email_transactional and $2::text <> 'email transactional',
        email_system = preferences.email_system and $2::text <> 'email system',
        push_marketing = preferences.push_marketing and $2::text <> 'push marketing',
        push_transactional = preferences.push_transactional and $2::text <> 'push transactional',
        push_system = preferences.push_system and $2::text <> 'push system',
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
        $3, changed_user.id, changed_user.version, 'user.preferences_updated',
        json_build_object('preferences', difference.preferences, 'changed', difference.fields)
    ) as event
    where cardinality(difference.fields) > 0
), audited as (
    insert into audit_log
    select entry.*
    from changed_user, difference, audit_row(
        $4, 'anonymous', null, 'user_updated', 'success', changed_user.id,
        jsonb_build_object('attributes', difference.fields, 'by', 'unsubscribe_link')
    ) as entry
    where cardinality(difference.fields) > 0
)
select version from changed_user
