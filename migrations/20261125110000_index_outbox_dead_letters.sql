-- no-transaction
-- The sweep of dead letters, and their list.
create index concurrently outbox_dead_at_idx on outbox (dead_at) where dead_at is not null;
