-- When a token was last sent by its device: what a provider said of it before that is out of date.
-- `last_used` moves with every change, as the clients of the service before this one know it.
alter table push_tokens add column registered_at timestamptz not null default now();
