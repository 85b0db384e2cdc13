-- no-transaction
-- The sweep of tokens that were not seen for long.
create index concurrently push_tokens_last_used_idx on push_tokens (last_used);
