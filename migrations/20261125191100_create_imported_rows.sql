-- What `cargo xtask import-django` has brought over, so that it can be run again: a row that is the same in
-- the source is passed over, one that was changed there is brought over again, and one that was changed or
-- removed here since stays as it is here. Dropped when there is no way back to the old service any more.
create table imported_rows (
    -- `users` stands for a user with his profile and preferences, `push_tokens` for a push token.
    source_table text not null constraint imported_rows_source_table_check
        check (source_table in ('users', 'push_tokens')),
    id uuid not null,
    -- SHA-256 of the row as it was in the source.
    digest bytea not null constraint imported_rows_digest_check check (octet_length(digest) = 32),
    -- The latest `updated_at` of our row, or rows, as the import left them: another one is a change of ours.
    updated_at timestamptz not null,
    primary key (source_table, id)
);

-- What tells Redis that the documents of user $1 are out of date since his version $2, as the service's own
-- notes in `untold_changes` do (crates/store/src/user_cache/change.rs): whoever begins to use Redis reads it.
create function outdated_documents(uuid, bigint) returns json
language sql stable
as $$
    select json_agg(json_build_object(
        'key', 'us:{' || $1 || '}:' || name,
        'arguments', json_build_array('document', $2::text, '120000', '')
    ))
    from unnest(array['user', 'preferences']) as name
$$;
