-- no-transaction
-- The erasure of a user, which takes his dead letters along: their number must not slow it down.
create index concurrently outbox_dead_user_id_idx on outbox (user_id) where dead_at is not null;
