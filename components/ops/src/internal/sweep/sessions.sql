-- Removes sessions that expired a day ago, however they ended: no token names them any more.
-- $1 most of them
with removed as (
    delete from sessions
    where id in (
        select id from sessions
        where expires_at < now() - interval '1 day'
        limit $1::bigint
        for update skip locked
    )
    returning id
)
select count(*) as number from removed
