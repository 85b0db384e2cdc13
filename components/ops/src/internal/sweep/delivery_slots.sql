-- Removes slots that neither a limit nor a retry counts any more.
-- $1 most of them
with removed as (
    delete from delivery_slots
    where id in (
        select id from delivery_slots
        where taken_at < now() - interval '2 days'
        limit $1::bigint
        for update skip locked
    )
    returning id
)
select count(*) as number from removed
