-- Who may sign in. Columns as in the service that this one replaces, so that its rows can be
-- imported; `version` is ours: every statement that changes anything inside the user object
-- raises it, and it orders what is written to the cache.
create table users (
    id uuid primary key default uuid_v7(),
    email varchar(254) not null,
    username varchar(150) not null,
    password varchar(255) not null,
    phone_number varchar(20),
    first_name varchar(150) not null default '',
    last_name varchar(150) not null default '',
    is_active boolean not null default true,
    is_verified boolean not null default false,
    is_staff boolean not null default false,
    is_superuser boolean not null default false,
    last_login timestamptz,
    last_login_ip inet,
    date_joined timestamptz not null default now(),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    version bigint not null default 1
);

-- The names of these indexes are part of the code: a violation becomes an error of that field.
create unique index users_email_key on users (lower(email));
create unique index users_username_key on users (lower(username));
create index users_created_at_idx on users (created_at);

create table user_profiles (
    id uuid primary key default uuid_v7(),
    user_id uuid not null constraint user_profiles_user_id_key unique references users (id) on delete cascade,
    first_name varchar(100) not null default '',
    last_name varchar(100) not null default '',
    avatar_url varchar(200),
    timezone varchar(50) not null default 'UTC',
    language varchar(10) not null default 'en',
    bio text not null default '',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
