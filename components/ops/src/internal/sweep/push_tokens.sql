-- Removes push tokens that were not seen for 270 days: no provider delivers to them any more.
-- $1 most of them, $2 destinations of events
with stale as (
    select id
    from push_tokens
    where last_used < now() - interval '270 days'
    order by last_used
    limit $1::bigint
    for update skip locked
), removed as (
    delete from push_tokens as push_token using stale
    where push_token.id = stale.id
    returning push_token.id, push_token.user_id, push_token as row
), owner as (
    -- In the order of their ids, as whoever else changes several users.
    select user_id as id, count(*) as number from removed group by user_id order by user_id
), version as (
    select id, number, raise_user_version(id, number) as version from owner
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from version
    join (
        select user_id, row, row_number() over (partition by user_id order by id) as position from removed
    ) as token on token.user_id = version.id
    cross join outbox_rows(
        $2, version.id, version.version - version.number + token.position, 'user.token_deleted',
        json_build_object('push_token', event_push_token(token.row), 'reason', 'swept')
    ) as event
)
select id, version, number from version
