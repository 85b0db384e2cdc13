-- Writes down what became of claimed events.
-- $1 destination, $2 events that were delivered, $3 the event that was not, or null, $4 whether its
-- destination refused it, $5 why it was not, $6 refusals that make a dead letter of it, $7 events
-- that were not tried; $8 a random number from 0 to 1
with delivered as (
    delete from outbox where destination = $1 and id = any($2::text[]::uuid[])
), failed as (
    update outbox
    set attempts = attempts + 1,
        refusals = refusals + case when $4 then 1 else 0 end,
        last_error = $5,
        dead_at = case when $4 and refusals + 1 >= $6::bigint then now() end,
        -- Exponential backoff with full jitter, a minute at most.
        next_attempt_at = now() + make_interval(secs => least(60, power(2, least(attempts, 6))) * $8::float8)
    where destination = $1 and id = $3
    returning dead_at
), untried as (
    update outbox
    -- At once, if it was only one event that its destination did not want.
    set next_attempt_at = now() + make_interval(secs => case when $4 then 0 else 2 * $8::float8 end)
    where destination = $1 and id = any($7::text[]::uuid[])
)
select exists (select from failed where dead_at is not null) as is_dead
