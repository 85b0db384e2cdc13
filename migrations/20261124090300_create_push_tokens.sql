-- The devices on which a user is reached. A token names one installation of an app, so it belongs
-- to one user at a time; a user has one row for each device that has an identifier.
create table push_tokens (
    id uuid primary key default uuid_v7(),
    user_id uuid not null references users (id) on delete cascade,
    token text not null constraint push_tokens_token_key unique,
    token_type varchar(20) not null default 'fcm',
    platform varchar(10) not null,
    device_id varchar(255) not null default '',
    device_name varchar(255) not null default '',
    is_active boolean not null default true,
    last_used timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create unique index push_tokens_device_key on push_tokens (user_id, device_id, platform) where device_id <> '';
create index push_tokens_user_id_idx on push_tokens (user_id, is_active);
