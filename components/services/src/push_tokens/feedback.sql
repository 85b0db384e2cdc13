-- Deactivates a push token that its provider reports as dead, unless it was registered after that.
-- $1 push token's identifier or null, $2 push token or null, $3 when it was refused, in microseconds
-- since 1970, or null for now; $4 destinations of events, $5 service account that reports, $6 origin
with target as (
    select id, user_id, is_active, registered_at
    from push_tokens
    where id = $1 or token = $2
    for update
), deactivated as (
    update push_tokens as push_token
    set is_active = false, updated_at = now()
    from target
    where push_token.id = target.id
      and target.is_active
      and target.registered_at <= least(coalesce(timestamptz 'epoch' + $3::bigint * interval '1 microsecond', now()), now())
    returning push_token.user_id, push_token as row
), owner as (
    select user_id as id, raise_user_version(user_id) as version, row from deactivated
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from owner, outbox_rows(
        $4, owner.id, owner.version, 'user.token_updated',
        json_build_object('push_token', event_push_token(owner.row))
    ) as event
), audited as (
    insert into audit_log
    select entry.*
    from owner, audit_row(
        $6, 'service', $5, 'push_token_deactivated', 'success', owner.id,
        jsonb_build_object('push_token_id', (owner.row).id)
    ) as entry
)
select target.is_active as was_active, owner.id as owner, owner.version
from target
left join owner on true
