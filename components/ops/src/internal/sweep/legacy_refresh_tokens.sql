-- Removes refresh tokens of the service before this one that have expired.
-- $1 most of them
with removed as (
    delete from legacy_refresh_tokens
    where jti in (
        select jti from legacy_refresh_tokens
        where expires_at < now()
        order by expires_at
        limit $1::bigint
        for update skip locked
    )
    returning jti
)
select count(*) as number from removed
