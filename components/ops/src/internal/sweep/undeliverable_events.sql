-- Removes events for destinations that are not configured any more, once nobody has tried to deliver
-- them for 30 days: a destination that comes back before gets all of them.
-- $1 most of them, $2 the destinations that are configured
with recursive known as (
    -- Each name in the index once, since there may be millions of rows of a few destinations.
    (select destination from outbox where dead_at is null order by destination limit 1)
    union all
    select (
        select outbox.destination
        from outbox
        where outbox.destination > known.destination and outbox.dead_at is null
        order by outbox.destination
        limit 1
    )
    from known
    where known.destination is not null
), removed as (
    delete from outbox
    where (id, destination) in (
        select event.id, event.destination
        from known
        cross join lateral (
            select id, destination
            from outbox
            where outbox.destination = known.destination
              and outbox.dead_at is null
              and outbox.next_attempt_at < now() - interval '30 days'
            limit $1::bigint
            for update skip locked
        ) as event
        where known.destination <> all($2::text[])
        limit $1::bigint
    )
    returning id
)
select count(*) as number from removed
