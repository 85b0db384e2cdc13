-- Removes dead letters that nobody has replayed for 90 days.
-- $1 most of them
with removed as (
    delete from outbox
    where (id, destination) in (
        select id, destination from outbox
        where dead_at < now() - interval '90 days'
        limit $1::bigint
        for update skip locked
    )
    returning id
)
select count(*) as number from removed
