-- no-transaction
-- The search for users by how their last name begins.
create index concurrently user_profiles_last_name_prefix_idx on user_profiles (lower(last_name) text_pattern_ops);
