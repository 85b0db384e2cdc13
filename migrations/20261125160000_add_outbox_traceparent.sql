-- The trace that an event's change was a part of (W3C Trace Context): a consumer goes on with it.
alter table outbox add column traceparent text;

-- The trace of the statement that is run: its text ends in a comment that says so, in the manner of
-- sqlcommenter. So no statement has to pass it on, and PostgreSQL's own logs tell it, too.
create function statement_traceparent() returns text
language sql volatile
as $$
    select substring(
        current_query() from
        '/\*traceparent=''([0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})''\*/\s*$'
    )
$$;

alter table outbox alter column traceparent set default statement_traceparent();

-- An event as it goes out, as before; with the extension `traceparent` if it has one.
create or replace function cloud_event(event outbox) returns json
language sql stable parallel safe
as $$
    select case when event.traceparent is null then row_to_json(untraced) else row_to_json(traced) end
    from (
        select
            '1.0' as specversion,
            event.id,
            '/user-service' as source,
            event.type,
            event.user_id as subject,
            iso8601(event.occurred_at) as time,
            'application/json' as datacontenttype,
            lpad(event.sequence::text, 20, '0') as sequence,
            event.data
    ) as untraced
    cross join lateral (
        select
            untraced.specversion,
            untraced.id,
            untraced.source,
            untraced.type,
            untraced.subject,
            untraced.time,
            untraced.datacontenttype,
            untraced.sequence,
            event.traceparent,
            untraced.data
    ) as traced
$$;
