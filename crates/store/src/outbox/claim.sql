-- Takes events to deliver, the oldest of each user first, and all of one user's in their order. Who
-- holds the first event of a user holds the ones behind it, too; he is taken for dead when his time
-- is up. A user's dead letters don't keep back what comes after them.
-- $1 destination, $2 users, or null for all of them, $3 most users, $4 seconds that it may take
with head as (
    select candidate.id, candidate.user_id, candidate.sequence
    from outbox as candidate
    where candidate.destination = $1
      and candidate.dead_at is null
      and candidate.next_attempt_at <= now()
      and ($2::text[] is null or candidate.user_id = any($2::text[]::uuid[]))
      and not exists (
          select
          from outbox as earlier
          where earlier.destination = candidate.destination
            and earlier.user_id = candidate.user_id
            and earlier.sequence < candidate.sequence
            and earlier.dead_at is null
      )
    order by candidate.next_attempt_at
    limit $3::bigint
    for update skip locked
), held as (
    update outbox
    set next_attempt_at = now() + make_interval(secs => $4::bigint)
    from head
    where outbox.id = head.id and outbox.destination = $1
    returning outbox.user_id, outbox.sequence
)
select event.id, event.type, cloud_event(event)::text as document
from held
cross join lateral (
    select *
    from outbox
    where destination = $1 and user_id = held.user_id and sequence >= held.sequence and dead_at is null
    order by sequence
    limit 20
) as event
order by event.user_id, event.sequence
