-- Takes the streams of users that are due, whoever has waited longest first, and answers the first
-- events of each. Who takes a stream is taken for dead when his time is up. A user's dead letters
-- don't keep back what comes after them.
-- $1 destination, $2 users, or null for all of them, $3 most users, $4 most events of a user, $5
-- seconds that it may take
with due as (
    select user_id
    from outbox_streams
    where $2::text[] is null and destination = $1 and next_attempt_at <= now()
    order by next_attempt_at
    limit $3::bigint
    for update skip locked
), asked_for as (
    select user_id
    from outbox_streams
    where destination = $1 and user_id = any($2::text[]::uuid[]) and next_attempt_at <= now()
    limit $3::bigint
    for update skip locked
), held as (
    update outbox_streams as stream
    set next_attempt_at = now() + make_interval(secs => $5::bigint)
    from (select user_id from due union all select user_id from asked_for) as taken
    where stream.destination = $1 and stream.user_id = taken.user_id
    -- In any order, so that nobody's turn is always the last.
    returning stream.user_id, stream.next_attempt_at as claimed_until, random() as turn
)
select
    held.user_id,
    held.claimed_until::text as claimed_until,
    seen.additions,
    event.id,
    event.type,
    event.traceparent,
    cloud_event(event)::text as document
from held
-- As it was when the events below were: what was added until the stream was locked is not among them, and must
-- not count as delivered when it is settled.
join outbox_streams as seen on seen.destination = $1 and seen.user_id = held.user_id
left join lateral (
    select *
    from outbox
    where destination = $1
      and user_id = held.user_id
      and dead_at is null
      -- What carries a token that has expired is left to the sweep.
      and (expires_at is null or expires_at > now())
    order by sequence
    limit $4::bigint
) as event on true
order by held.turn, held.user_id, event.sequence
