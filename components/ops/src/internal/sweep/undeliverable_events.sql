-- Removes events for destinations that are not configured any more, once nobody has tried to deliver
-- them for 30 days: a destination that comes back before gets all of them.
-- $1 most users and destinations of theirs, $2 the destinations that are configured
with recursive known as (
    -- Each name in the index once, since there may be millions of rows of a few destinations.
    (select destination from outbox_streams order by destination limit 1)
    union all
    select (
        select stream.destination
        from outbox_streams as stream
        where stream.destination > known.destination
        order by stream.destination
        limit 1
    )
    from known
    where known.destination is not null
), abandoned as (
    select stream.destination, stream.user_id
    from known
    cross join lateral (
        select destination, user_id
        from outbox_streams
        where destination = known.destination and next_attempt_at < now() - interval '30 days'
        limit $1::bigint
        for update skip locked
    ) as stream
    where known.destination <> all($2::text[])
    limit $1::bigint
), stream as (
    delete from outbox_streams as stream
    using abandoned
    where stream.destination = abandoned.destination and stream.user_id = abandoned.user_id
), removed as (
    delete from outbox as event
    using abandoned
    where event.destination = abandoned.destination
      and event.user_id = abandoned.user_id
      and event.dead_at is null
    returning event.id
)
select count(*) as number from removed
