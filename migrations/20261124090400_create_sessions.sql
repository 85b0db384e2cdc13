-- A sign-in on one device, from login to its end. The current refresh token carries the current
-- `generation`; an older generation is a token that was already used.
create table sessions (
    id uuid primary key default uuid_v7(),
    user_id uuid not null references users (id) on delete cascade,
    generation bigint not null default 0,
    created_at timestamptz not null default now(),
    rotated_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    expires_at timestamptz not null,
    ip inet,
    user_agent text not null default '',
    revoked_at timestamptz,
    revoked_reason text constraint sessions_revoked_reason_check
        check (revoked_reason in ('logout', 'password_changed', 'refresh_token_reused', 'too_many_sessions')),
    constraint sessions_revoked_check check ((revoked_at is null) = (revoked_reason is null))
);

create index sessions_user_id_idx on sessions (user_id, created_at);
