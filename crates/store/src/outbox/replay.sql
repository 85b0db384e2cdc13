-- Makes dead letters events to deliver again.
-- $1 the events, or null for all of them
with replayed as (
    update outbox
    set dead_at = null, attempts = 0, refusals = 0, next_attempt_at = now()
    where dead_at is not null and ($1::text[] is null or id = any($1::text[]::uuid[]))
    returning id
)
select count(*) as replayed from replayed
