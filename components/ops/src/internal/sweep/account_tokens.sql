-- Removes tokens that were sent to an address and have expired.
-- $1 most of them
with removed as (
    delete from account_tokens
    where id in (
        select id from account_tokens
        where expires_at < now()
        order by expires_at
        limit $1::bigint
        for update skip locked
    )
    returning id
)
select count(*) as number from removed
