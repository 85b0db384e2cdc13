-- Events on their way to the service's neighbours: a row for each event and destination, written
-- by the statement that makes the change and removed once its destination has confirmed it.
-- No foreign key: what a user's erasure has to say outlives him.
create table outbox (
    id uuid not null,
    destination text not null,
    user_id uuid not null,
    sequence bigint not null,
    type text not null,
    data json not null,
    occurred_at timestamptz not null default now(),
    -- When it is tried next; while somebody delivers it, when he is taken for dead.
    next_attempt_at timestamptz not null default now(),
    attempts integer not null default 0,
    refusals integer not null default 0,
    last_error text,
    dead_at timestamptz,
    primary key (id, destination)
);

create index outbox_due_idx on outbox (destination, next_attempt_at) where dead_at is null;
create unique index outbox_stream_key on outbox (destination, user_id, sequence);

-- The rows of one event: to the destinations $1, of user $2, with the sequence number $3, the type $4
-- and the data $5. Every destination gets the same event, by the same id.
create function outbox_rows(text[], uuid, bigint, text, json)
returns table (id uuid, destination text, user_id uuid, sequence bigint, type text, data json)
language sql volatile
as $$
    select event.id, destination, $2, $3, $4, $5
    from (select uuid_v7() as id) as event, unnest($1) as destination
$$;

-- An event as it goes out: a CloudEvent (version 1.0.2, JSON format; `sequence` is its extension
-- of that name: the order of the text is the order of the user's events).
create function cloud_event(event outbox) returns json
language sql stable parallel safe
as $$
    select row_to_json(document)
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
    ) as document
$$;

-- Raises the version of user $1 by $2 and answers it. As `raise_user_version`, for a change that
-- has several events to tell: each gets a number of its own.
create function raise_user_version(uuid, bigint) returns bigint
language sql volatile
as $$
    update users set version = version + $2 where id = $1 returning version
$$;
