-- What proves that somebody reads an e-mail address: to verify it, to reset a password, to change the
-- address, to keep an account that is to be erased. One for each user and purpose; the next takes its
-- place. Only hashes are kept. A token is 256 random bits, so that a plain SHA-256 is enough; a code of
-- six digits has few, so that its hash is by a key that the database does not know.
create table account_tokens (
    id uuid primary key default uuid_v7(),
    user_id uuid not null references users (id) on delete cascade,
    purpose text not null constraint account_tokens_purpose_check
        check (purpose in ('verification', 'password_reset', 'email_change', 'deletion_cancel')),
    -- The address that it was sent to, in lower case: using it proves this one and no other.
    email varchar(254) not null,
    token_hash bytea not null constraint account_tokens_token_hash_key unique
        constraint account_tokens_token_hash_check check (octet_length(token_hash) = 32),
    code_hash bytea constraint account_tokens_code_hash_check check (octet_length(code_hash) = 32),
    wrong_codes integer not null default 0,
    created_at timestamptz not null default now(),
    code_expires_at timestamptz,
    expires_at timestamptz not null,
    constraint account_tokens_code_check check ((code_hash is null) = (code_expires_at is null))
);

create unique index account_tokens_user_id_purpose_key on account_tokens (user_id, purpose);
create index account_tokens_email_idx on account_tokens (email, purpose);
create index account_tokens_expires_at_idx on account_tokens (expires_at);

-- Functions, since they must see what was committed while their statement waited for the user's row:
-- every statement locks that first.

-- Gives user $1 a token for the purpose $2, sent to $3, with the hashes $4 and, of a code, $5 or null,
-- for $6 seconds, its code for $7. Answers its row; the one before it is good for nothing from now on.
create function issue_account_token(uuid, text, text, bytea, bytea, bigint, bigint) returns account_tokens
language sql volatile
as $$
    insert into account_tokens as token (
        user_id, purpose, email, token_hash, code_hash, code_expires_at, expires_at
    )
    values (
        $1, $2, $3, $4, $5,
        case when $5 is not null then now() + make_interval(secs => $7) end,
        now() + make_interval(secs => $6)
    )
    on conflict (user_id, purpose) do update
    set id = excluded.id,
        email = excluded.email,
        token_hash = excluded.token_hash,
        code_hash = excluded.code_hash,
        wrong_codes = 0,
        created_at = excluded.created_at,
        code_expires_at = excluded.code_expires_at,
        expires_at = excluded.expires_at
    returning token
$$;

-- Uses up token $1 of user $2, and answers the address that it proves; nothing if it is not good any
-- more.
create function use_account_token(uuid, uuid) returns text
language sql volatile
as $$
    delete from account_tokens
    where id = $1 and user_id = $2 and expires_at > clock_timestamp()
    returning email
$$;

-- Makes all tokens of user $1 worthless, and answers them.
create function void_account_tokens(uuid) returns setof uuid
language sql volatile
as $$
    delete from account_tokens where user_id = $1 returning id
$$;
