-- Counts an attempt while Redis can't, as scripts/attempt.lua does there. The row of the key is
-- locked by the upsert, so attempts at the same moment are counted one after the other.
-- $1 key, $2 window in seconds, $3 limit
with swept as (
    delete from rate_limits
    where key in (
        select key
        from rate_limits
        where expires_at < now() and key <> $1
        order by expires_at
        limit 10
        for update skip locked
    )
), counted as (
    insert into rate_limits as counter (key, attempts, expires_at)
    values ($1, array[clock_timestamp()], clock_timestamp() + make_interval(secs => $2::bigint))
    on conflict (key) do update
    set attempts = (
            select coalesce(array_agg(attempt order by attempt), '{}')
            from unnest(counter.attempts) as attempt
            where attempt > clock_timestamp() - make_interval(secs => $2::bigint)
        ) || clock_timestamp(),
        expires_at = excluded.expires_at
    where (
        select count(*)
        from unnest(counter.attempts) as attempt
        where attempt > clock_timestamp() - make_interval(secs => $2::bigint)
    ) < $3::bigint
    returning attempts
), log as (
    select true as allowed, attempts from counted
    union all
    select false, coalesce(
        (
            select array_agg(attempt order by attempt)
            from rate_limits, unnest(attempts) as attempt
            where key = $1 and attempt > clock_timestamp() - make_interval(secs => $2::bigint)
        ),
        array[clock_timestamp()]
    )
    where not exists (select from counted)
)
select
    allowed,
    -- Who is refused may not see all the attempts that came between.
    case when allowed then greatest($3::bigint - cardinality(attempts), 0) else 0 end as remaining,
    ceil(extract(epoch from attempts[1] + make_interval(secs => $2::bigint) - clock_timestamp()) * 1000)::bigint
        as wait_milliseconds
from log
