-- Changes what is given of a push token. A token that another user has comes over to this row, and
-- his row goes, as the device did. A token that begins as a Web Push subscription does was checked for
-- the type that it has, so that it gets another one only together with a new token. Answers no row if
-- the user has no such push token.
-- $1 user, $2 push token; or null where not given: $3 token, $4 platform, $5 token type,
-- $6 device's identifier, $7 device's name, $8 whether it is active; $9 destinations of events,
-- $10 origin
with locked as (
    -- In the order of their ids, so that two rows that take each other's token don't wait for each other.
    select push_token.id, push_token.user_id as owner, push_token.token, push_token as row
    from push_tokens as push_token
    where (push_token.id = $2 and push_token.user_id = $1) or push_token.token = $3
    order by push_token.id
    for update
), target as (
    select
        id,
        row,
        (
            $3::text is null
            and ((row).token_type = 'vapid') <> ($5::text = 'vapid')
            and starts_with((row).token, '{')
        ) is true as is_of_another_type
    from locked
    where id = $2 and owner = $1
), holder as (
    select locked.id, locked.owner, locked.row
    from locked, target
    where locked.token = $3 and locked.id <> target.id
), removed as (
    delete from push_tokens using holder
    where push_tokens.id = holder.id and holder.owner <> $1
    returning push_tokens.id
), updated as (
    update push_tokens as push_token
    set token = coalesce($3, push_token.token),
        platform = coalesce($4, push_token.platform),
        token_type = coalesce($5, push_token.token_type),
        device_id = coalesce($6, push_token.device_id),
        device_name = coalesce($7, push_token.device_name),
        is_active = coalesce($8, push_token.is_active),
        last_used = now(),
        registered_at = case when $3::text is null then push_token.registered_at else now() end,
        updated_at = now()
    from target
    where push_token.id = target.id
      and not target.is_of_another_type
      and not exists (select from holder where owner = $1)
      -- The other user's row must be gone before this one takes its token.
      and (select count(*) from removed) >= 0
    returning push_token as row
), owners as (
    -- In the order of their ids, so that two moves in opposite directions don't wait for each other.
    select $1 as id from updated union select owner from holder, updated order by id
), versions as (
    select id, raise_user_version(id) as version from owners
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from updated, target, versions, outbox_rows(
        $9, versions.id, versions.version,
        case when exists (select from holder) then 'user.token_registered' else 'user.token_updated' end,
        json_build_object('push_token', event_push_token(updated.row))
    ) as event
    where versions.id = $1
      and event_push_token(updated.row)::text <> event_push_token(target.row)::text
    union all
    select event.*
    from holder, versions, outbox_rows(
        $9, versions.id, versions.version, 'user.token_deleted',
        json_build_object('push_token', event_push_token(holder.row), 'reason', 'moved')
    ) as event
    where versions.id = holder.owner and holder.owner <> $1
), audited as (
    insert into audit_log
    select entry.*
    from updated, holder, audit_row(
        $10, 'user', $1, 'push_token_moved', 'success', holder.owner,
        jsonb_build_object('push_token_id', holder.id)
    ) as entry
    where holder.owner <> $1
)
select
    (select push_token_document(row)::text from updated) as document,
    target.is_of_another_type,
    (select version from versions where id = $1) as version,
    (select id from versions where id <> $1) as previous_owner,
    (select version from versions where id <> $1) as previous_owner_version
from target
