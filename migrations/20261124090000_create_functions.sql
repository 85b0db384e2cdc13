-- Functions that tables and statements build on.

-- A time-ordered UUID (version 7, RFC 9562 section 5.7): rows that are made one after the other
-- stand side by side in their index.
create function uuid_v7() returns uuid
language sql volatile parallel safe
as $$
    select encode(
        set_bit(
            set_bit(
                overlay(
                    uuid_send(gen_random_uuid())
                    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
                    from 1 for 6
                ),
                52, 1
            ),
            53, 1
        ),
        'hex'
    )::uuid
$$;

-- A moment as the API writes it: ISO 8601, UTC, microseconds and Z.
create function iso8601(moment timestamptz) returns text
language sql stable parallel safe
as $$
    select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- A time of day as the API writes it: HH:MM:SS, and six digits after the point if there are any.
create function iso8601(moment time) returns text
language sql stable parallel safe
as $$
    select to_char(moment, 'HH24:MI:SS')
        || case when date_trunc('second', moment::interval) = moment::interval then '' else to_char(moment, '.US') end
$$;
