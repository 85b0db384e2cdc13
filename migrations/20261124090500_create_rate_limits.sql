-- Counts attempts at the strictly limited routes while Redis can't: one row a key, holding the
-- moments of the attempts that still count.
create table rate_limits (
    key text primary key,
    attempts timestamptz[] not null,
    expires_at timestamptz not null
);

create index rate_limits_expires_at_idx on rate_limits (expires_at);
