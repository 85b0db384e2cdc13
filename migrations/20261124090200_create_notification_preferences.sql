-- How a user wants to be notified; one row a user.
create table notification_preferences (
    id uuid primary key default uuid_v7(),
    user_id uuid not null constraint notification_preferences_user_id_key unique references users (id) on delete cascade,
    email_enabled boolean not null default true,
    email_marketing boolean not null default true,
    email_transactional boolean not null default true,
    email_security boolean not null default true,
    email_system boolean not null default true,
    push_enabled boolean not null default true,
    push_marketing boolean not null default false,
    push_transactional boolean not null default true,
    push_security boolean not null default true,
    push_system boolean not null default true,
    do_not_disturb_start time,
    do_not_disturb_end time,
    frequency_limit integer not null default 50 check (frequency_limit >= 0),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
