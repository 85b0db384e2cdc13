-- The dead letters, the latest first.
-- $1 most of them
select id, destination, type, user_id, refusals::bigint as refusals, last_error, iso8601(dead_at) as dead_at
from outbox
where dead_at is not null
order by outbox.dead_at desc, id
limit $1::bigint
