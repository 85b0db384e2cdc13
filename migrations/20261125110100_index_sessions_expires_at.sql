-- no-transaction
-- The sweep of sessions. No statement changes `expires_at`, so renewals stay as cheap as they are.
create index concurrently sessions_expires_at_idx on sessions (expires_at);
