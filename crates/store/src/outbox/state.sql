-- How each destination stands: its waiting events, since when the oldest waits, its dead letters.
select
    destination,
    count(*) filter (where dead_at is null) as pending,
    coalesce(
        extract(epoch from now() - min(occurred_at) filter (where dead_at is null)), 0
    )::float8 as oldest_seconds,
    count(*) filter (where dead_at is not null) as dead
from outbox
group by destination
order by destination
