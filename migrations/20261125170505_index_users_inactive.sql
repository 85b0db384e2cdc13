-- no-transaction
-- The list of users who are not active: there are few.
create index concurrently users_inactive_idx on users (created_at, id) where not is_active;
