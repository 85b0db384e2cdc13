-- Registers a push token. A known token keeps its row, whoever had it: it moves with its device.
-- A new token of a known device replaces that device's token. If the token is known in one row and
-- the device in another, the token's row stays and the device's row goes. Answers no row if the user
-- is gone.
-- $1 user, $2 token, $3 platform; or null where not given: $4 token type, $5 device's identifier,
-- $6 device's name, $7 whether it is active; $8 destinations of events, $9 origin; null without an idempotency
-- key: $10 its row in hex, $11 the request's fingerprint in hex
with caller as (
    -- Locked, so that he is not erased before his push token is written.
    select id from users where id = $1 for key share
), locked as (
    -- In the order of their ids, so that two devices that swap their tokens don't wait for each other.
    select push_token.id, push_token.user_id as owner, push_token.token, push_token as row
    from push_tokens as push_token
    where exists (select from caller)
      and (
            push_token.token = $2
            or (
                push_token.user_id = $1
                and push_token.platform = $3
                and push_token.device_id = coalesce($5, (select device_id from push_tokens where token = $2), '')
                and push_token.device_id <> ''
            )
        )
    order by push_token.id
    for update
), token_row as (
    select id, owner, row from locked where token = $2
), device_row as (
    select id from locked where token <> $2
), removed as (
    delete from push_tokens as push_token
    using token_row, device_row
    where push_token.id = device_row.id
    returning push_token as row
), updated as (
    update push_tokens as push_token
    set user_id = $1,
        token = $2,
        platform = $3,
        token_type = coalesce($4, push_token.token_type),
        device_id = coalesce($5, push_token.device_id),
        device_name = coalesce($6, push_token.device_name),
        is_active = coalesce($7, true),
        last_used = now(),
        registered_at = now(),
        updated_at = now()
    where push_token.id = coalesce((select id from token_row), (select id from device_row))
      -- The row of the device must be gone before this one takes its place.
      and (select count(*) from removed) >= 0
    returning push_token as row
), inserted as (
    insert into push_tokens as push_token (user_id, token, platform, token_type, device_id, device_name, is_active)
    select id, $2, $3, coalesce($4, 'fcm'), coalesce($5, ''), coalesce($6, ''), coalesce($7, true)
    from caller
    where not exists (select from token_row) and not exists (select from device_row)
    returning push_token as row
), registered as (
    select row from updated union all select row from inserted
), owners as (
    -- In the order of their ids, so that two moves in opposite directions don't wait for each other.
    select id from caller union select owner from token_row order by id
), versions as (
    select id, raise_user_version(id, 1 + case when id = $1 then (select count(*) from removed) else 0 end) as version
    from owners
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from removed, versions, outbox_rows(
        $8, versions.id, versions.version - 1, 'user.token_deleted',
        json_build_object('push_token', event_push_token(removed.row), 'reason', 'replaced')
    ) as event
    where versions.id = $1
    union all
    select event.*
    from registered, versions, outbox_rows(
        $8, versions.id, versions.version,
        case
            when exists (select from inserted) or exists (select from token_row where owner <> $1)
            then 'user.token_registered'
            else 'user.token_updated'
        end,
        json_build_object('push_token', event_push_token(registered.row))
    ) as event
    where versions.id = $1
      and not exists (
            select from locked
            where locked.id = (registered.row).id
              and locked.owner = $1
              and event_push_token(locked.row)::text = event_push_token(registered.row)::text
        )
    union all
    select event.*
    from token_row, versions, outbox_rows(
        $8, versions.id, versions.version, 'user.token_deleted',
        json_build_object('push_token', event_push_token(token_row.row), 'reason', 'moved')
    ) as event
    where versions.id = token_row.owner and token_row.owner <> $1
), remembered as (
    insert into idempotency_keys (id, user_id, fingerprint, status, answer)
    select
        decode($10::text, 'hex'),
        $1,
        decode($11::text, 'hex'),
        case when exists (select from inserted) then 201 else 200 end,
        push_token_document(registered.row)::text
    from registered
    where $10::text is not null
), audited as (
    insert into audit_log
    select entry.*
    from registered, token_row, audit_row(
        $9, 'user', $1, 'push_token_moved', 'success', token_row.owner,
        jsonb_build_object('push_token_id', token_row.id)
    ) as entry
    where token_row.owner <> $1
)
select
    (select push_token_document(row)::text from registered) as document,
    exists (select from inserted) as created,
    (select version from versions where id = $1) as version,
    (select id from versions where id <> $1) as previous_owner,
    (select version from versions where id <> $1) as previous_owner_version
from caller
