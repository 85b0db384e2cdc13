-- Writes down what became of the streams that were claimed, and gives them back. Who comes when his time is
-- up leaves his streams alone: somebody else may have claimed them. Answers the events that have become dead
-- letters.
-- $1 destination, $2 the outcomes as a JSON array, $3 refusals that make a dead letter of an event,
-- $4 a random number from 0 to 1
with outcome as (
    select *
    from json_to_recordset($2::text::json) as outcome (
        user_id uuid,
        claimed_until timestamptz,
        additions bigint,
        delivered uuid[],
        failed uuid,
        refusals bigint,
        error text,
        has_more boolean
    )
), delivered as (
    delete from outbox
    using outcome
    where outbox.destination = $1 and outbox.id = any(outcome.delivered)
), failed as (
    update outbox
    set refusals = outbox.refusals + outcome.refusals,
        last_error = outcome.error,
        dead_at = case when outbox.refusals + outcome.refusals >= $3::bigint then now() end
    from outcome
    where outbox.destination = $1 and outbox.id = outcome.failed
    returning outbox.id, outbox.user_id, outbox.dead_at is not null as is_dead
), stream as materialized (
    -- As it is once it is locked: more may have been added since it was claimed.
    select user_id, stream.additions
    from outbox_streams as stream
    join outcome using (user_id)
    where stream.destination = $1 and stream.next_attempt_at = outcome.claimed_until
    order by user_id
    for update of stream
), standing as (
    select
        user_id,
        failed.is_dead is false as is_put_off,
        not outcome.has_more and failed.is_dead is not false and stream.additions = outcome.additions
            as is_done
    from outcome
    join stream using (user_id)
    left join failed using (user_id)
), done as (
    delete from outbox_streams as finished
    using standing
    where finished.destination = $1 and finished.user_id = standing.user_id and standing.is_done
), waiting as (
    update outbox_streams as waiting
    set attempts = case when standing.is_put_off then waiting.attempts + 1 else 0 end,
        next_attempt_at = now() + case
            -- Exponential backoff with full jitter, a minute at most.
            when standing.is_put_off
            then make_interval(secs => least(60, power(2, least(waiting.attempts, 6))) * $4::float8)
            else make_interval()
        end
    from standing
    where waiting.destination = $1 and waiting.user_id = standing.user_id and not standing.is_done
)
select id from failed where is_dead
