-- Requests that had an Idempotency-Key and were done (draft-ietf-httpapi-idempotency-key-header): the
-- statement that does one adds its row, so that another one with the same key breaks the primary key and
-- does nothing. Neither the key nor the request is here: id is a hash of what is asked for, whose key it
-- is and the key; fingerprint is one of the request's body, by a key that the database does not know.
create table idempotency_keys (
    id bytea constraint idempotency_keys_pkey primary key
        constraint idempotency_keys_id_check check (octet_length(id) = 32),
    -- The account that the request was about.
    user_id uuid not null references users (id) on delete cascade,
    fingerprint bytea not null
        constraint idempotency_keys_fingerprint_check check (octet_length(fingerprint) = 32),
    -- What was answered; of a registration it is made anew, since it has tokens in it.
    status smallint not null,
    answer text,
    -- The session that a registration began.
    session_id uuid,
    created_at timestamptz not null default now()
);

create index idempotency_keys_user_id_idx on idempotency_keys (user_id);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
