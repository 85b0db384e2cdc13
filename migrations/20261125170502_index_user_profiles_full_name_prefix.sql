-- no-transaction
-- The search for users by how their whole name begins.
create index concurrently user_profiles_full_name_prefix_idx
on user_profiles (lower(first_name || ' ' || last_name) text_pattern_ops);
