-- The services that call this one, and what each may do (the names in crates/domain/src/permission.rs).
create table service_accounts (
    id uuid primary key default uuid_v7(),
    name varchar(63) not null constraint service_accounts_name_key unique,
    permissions text[] not null,
    created_at timestamptz not null default now(),
    disabled_at timestamptz
);

-- By what a service proves who it is. A secret is 256 random bits that nobody chose, so that a plain
-- SHA-256 is enough: there is no dictionary to try, and no salt is needed where no two are equal. A
-- slow hash, as for passwords, would only make each token cost a core for some time.
create table service_credentials (
    id uuid primary key default uuid_v7(),
    service_account_id uuid not null references service_accounts (id) on delete cascade,
    secret_hash bytea not null constraint service_credentials_secret_hash_key unique
        constraint service_credentials_secret_hash_check check (octet_length(secret_hash) = 32),
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

create index service_credentials_service_account_id_idx on service_credentials (service_account_id);
