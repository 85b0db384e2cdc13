-- no-transaction
-- The search for users by how their user name begins.
create index concurrently users_username_prefix_idx on users (lower(username) text_pattern_ops);
