-- Removes what the audit trail has kept for long enough.
-- $1 most of it, $2 for how many days it is kept
with removed as (
    delete from audit_log
    where id in (
        select id from audit_log
        where id < uuid_v7_at(now() - $2::bigint * interval '1 day')
          -- The order of the identifiers is exact to a millisecond.
          and occurred_at < now() - $2::bigint * interval '1 day'
        order by id
        limit $1::bigint
    )
    returning id
)
select count(*) as number from removed
