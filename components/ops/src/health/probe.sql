-- PostgreSQL's major version, and for how long the oldest event has waited for its delivery, in seconds.
-- Its identifier tells which one is the oldest (UUIDv7).
select
    (current_setting('server_version_num')::int4 / 10000)::int8 as version,
    coalesce(
        extract(epoch from now() - (
            select occurred_at from outbox where dead_at is null order by id limit 1
        )), 0
    )::float8 as oldest_event_seconds
