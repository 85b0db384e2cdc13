-- One page of the user's live sessions, the one that was used last first; a page beyond the end is the
-- last page. One that has not been renewed for as long as a refresh token lives can't be any more.
-- $1 user, $2 page, $3 sessions a page, $4 seconds that a refresh token is good for
with live as (
    select *
    from sessions
    where user_id = $1
      and revoked_at is null
      and expires_at > now()
      and rotated_at > now() - make_interval(secs => $4::bigint)
), counted as (
    select count(*) as total from live
)
select
    live.id,
    live.user_agent,
    host(live.ip) as ip_address,
    iso8601(live.created_at) as created_at,
    iso8601(live.last_used_at) as last_seen,
    iso8601(live.expires_at) as expires_at,
    counted.total
from live, counted
order by live.last_used_at desc, live.id desc
limit $3::bigint
offset (select least($2::bigint, greatest((total + $3::bigint - 1) / $3::bigint, 1)) - 1 from counted) * $3::bigint
