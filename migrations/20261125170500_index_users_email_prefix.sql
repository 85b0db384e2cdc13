-- no-transaction
-- The search for users by how their e-mail address begins.
create index concurrently users_email_prefix_idx on users (lower(email) text_pattern_ops);
