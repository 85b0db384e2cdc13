-- Removes what was kept of requests that nobody sends again by now.
-- $1 most of them
with removed as (
    delete from idempotency_keys
    where id in (
        select id from idempotency_keys
        where created_at < now() - interval '24 hours'
        order by created_at
        limit $1::bigint
        for update skip locked
    )
    returning id
)
select count(*) as number from removed
