-- Refresh tokens of the service before this one, as `cargo xtask import-django` found them: not the tokens,
-- only which there are. Each is exchanged once for a session (`POST /token/refresh`). They are gone when the
-- last of them has expired.
create table legacy_refresh_tokens (
    -- The claim `jti`: 32 hexadecimal digits.
    jti text primary key constraint legacy_refresh_tokens_jti_check check (jti ~ '^[0-9a-f]{32}$'),
    user_id uuid not null references users (id) on delete cascade,
    expires_at timestamptz not null,
    -- Since when it is good for nothing: it was exchanged or blacklisted, or his sessions were ended.
    ended_at timestamptz,
    -- What it was exchanged for. No foreign key: a session may be swept first.
    session_id uuid,
    constraint legacy_refresh_tokens_session_check check (session_id is null or ended_at is not null)
);

create index legacy_refresh_tokens_user_id_idx on legacy_refresh_tokens (user_id);
create index legacy_refresh_tokens_expires_at_idx on legacy_refresh_tokens (expires_at);

-- Makes the refresh tokens that user $1 has of the service before this one worthless. Called once the user's
-- row is locked, it comes before or after an exchange, which locks it, too.
create function end_legacy_refresh_tokens(uuid) returns void
language sql volatile
as $$
    update legacy_refresh_tokens set ended_at = now() where user_id = $1 and ended_at is null
$$;

-- Where a user's sessions end, so do those that could still begin with such a token.
create or replace function end_other_sessions(uuid, uuid) returns setof uuid
language sql volatile
as $$
    select end_legacy_refresh_tokens($1);
    update sessions
    set revoked_at = now(), revoked_reason = 'password_changed'
    where user_id = $1 and id <> $2 and revoked_at is null
    returning id
$$;

create or replace function end_sessions(uuid, text) returns setof uuid
language sql volatile
as $$
    select end_legacy_refresh_tokens($1);
    update sessions
    set revoked_at = now(), revoked_reason = $2
    where user_id = $1 and revoked_at is null
    returning id
$$;
