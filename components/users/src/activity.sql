-- One page of what was done to the user's account, the latest first; a page beyond the end is the last
-- page.
-- $1 user, $2 page, $3 acts a page, $4 most acts
with recent as (
    select id, occurred_at, audit_log as row
    from audit_log
    where subject_id = $1
    order by id desc
    limit $4::bigint
), counted as (
    select count(*) as total from recent
)
select
    recent.id::text as id,
    act.action,
    act.outcome,
    act.by,
    act.ip_address,
    act.user_agent,
    act.details::text as details,
    iso8601(recent.occurred_at) as occurred_at,
    counted.total
from recent, counted, account_activity(recent.row) as act
order by recent.id desc
limit $3::bigint
offset (select least($2::bigint, greatest((total + $3::bigint - 1) / $3::bigint, 1)) - 1 from counted) * $3::bigint
