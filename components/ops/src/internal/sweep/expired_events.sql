-- Removes events that carry a token which has expired, delivered or dead: a secret is kept for no longer
-- than it is one.
-- $1 most of them
with removed as (
    delete from outbox
    where (id, destination) in (
        select id, destination from outbox
        where expires_at < now()
        order by expires_at
        limit $1::bigint
        for update skip locked
    )
    returning id
)
select count(*) as number from removed
