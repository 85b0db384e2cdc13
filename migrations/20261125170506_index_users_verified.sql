-- no-transaction
-- The list of users who are verified, or who are not.
create index concurrently users_verified_idx on users (is_verified, created_at, id);
