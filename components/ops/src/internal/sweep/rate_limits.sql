-- Removes counts of attempts that ended while nobody made another. Attempts sweep a few on their way,
-- but only while Redis is away.
-- $1 most of them
with removed as (
    delete from rate_limits
    where key in (
        select key from rate_limits
        where expires_at < now()
        order by expires_at
        limit $1::bigint
        for update skip locked
    )
    returning key
)
select count(*) as number from removed
