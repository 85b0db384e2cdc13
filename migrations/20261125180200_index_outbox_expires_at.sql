-- no-transaction
-- The sweep of events that carry a token.
create index concurrently outbox_expires_at_idx on outbox (expires_at) where expires_at is not null;
