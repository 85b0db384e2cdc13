-- no-transaction
-- The sweep of accounts whose grace period is over.
create index concurrently users_erase_at_idx on users (erase_at) where erase_at is not null;
