-- Deactivates the user's active push tokens.
-- $1 user, $2 destinations of events
with deactivated as (
    update push_tokens as push_token
    set is_active = false, updated_at = now()
    where push_token.user_id = $1 and push_token.is_active
    returning push_token.id, push_token as row
), counted as (
    select count(*) as number from deactivated
), owner as (
    update users set version = version + counted.number
    from counted
    where users.id = $1 and counted.number > 0
    returning users.id, users.version
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from owner
    cross join counted
    cross join (select row, row_number() over (order by id) as position from deactivated) as token
    cross join outbox_rows(
        $2, owner.id, owner.version - counted.number + token.position, 'user.token_updated',
        json_build_object('push_token', event_push_token(token.row))
    ) as event
)
select number as deactivated_count, (select version from owner) as version
from counted
