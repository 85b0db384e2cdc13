-- Messages that services were allowed to send a user: what his frequency limit counts, over a
-- rolling day. Kept a little longer, so that a retry with the same idempotency key is known.
create table delivery_slots (
    id uuid primary key default uuid_v7(),
    user_id uuid not null references users (id) on delete cascade,
    channel text not null,
    category text not null,
    taken_at timestamptz not null default now(),
    service_account_id uuid not null,
    idempotency_key text
);

create index delivery_slots_user_id_idx on delivery_slots (user_id, channel, taken_at);
create index delivery_slots_taken_at_idx on delivery_slots (taken_at);
create unique index delivery_slots_idempotency_key on delivery_slots (service_account_id, idempotency_key)
where idempotency_key is not null;

-- Takes a slot of user $1 on channel $2 for a message of category $3, if he has less than $4 in this
-- day, for the service account $5 with the idempotency key $6 or null. Answers nothing if there is
-- none left, or if the key has taken one already. Who comes at the same moment waits, and counts what
-- the one before him has taken.
create function take_delivery_slot(uuid, text, text, bigint, uuid, text) returns boolean
language sql volatile
as $$
    select pg_advisory_xact_lock(hashtextextended($1::text || ':' || $2, 0));
    insert into delivery_slots (user_id, channel, category, service_account_id, idempotency_key)
    select $1, $2, $3, $5, $6
    where (
        select count(*)
        from delivery_slots
        where user_id = $1 and channel = $2 and taken_at > now() - interval '1 day'
    ) < $4
    on conflict (service_account_id, idempotency_key) where idempotency_key is not null do nothing
    returning true;
$$;
