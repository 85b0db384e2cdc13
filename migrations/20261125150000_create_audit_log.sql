-- The audit trail: who did what to whom, from where, and with what outcome; docs/audit.md lists the acts.
-- A row is written by the statement of its act. It is never changed, and goes once it is older than the
-- setting `audit_retention_days` says.

-- The first UUID of version 7 that can be made at a moment: `id >= uuid_v7_at(moment)` is "since then".
create function uuid_v7_at(moment timestamptz) returns uuid
language sql stable parallel safe
as $$
    select (lpad(to_hex((extract(epoch from moment) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- The order of the identifiers is the order of the acts, so that pages are cut by them alone.
create table audit_log (
    id uuid primary key default uuid_v7(),
    occurred_at timestamptz not null default clock_timestamp(),
    action text not null,
    outcome text not null constraint audit_log_outcome_check check (outcome in ('success', 'failure')),
    actor_kind text not null constraint audit_log_actor_kind_check
        check (actor_kind in ('anonymous', 'user', 'service', 'operator')),
    -- Of a user or a service account. No foreign keys: what was done outlives who did it.
    actor_id uuid,
    -- Whom it was done to: a user or a service account; nobody where the one that was meant is not known.
    subject_id uuid,
    client_address inet,
    user_agent varchar(255),
    request_id varchar(128),
    details jsonb not null default '{}',
    constraint audit_log_actor_check check ((actor_id is not null) = (actor_kind in ('user', 'service')))
);

create index audit_log_actor_id_idx on audit_log (actor_id, id) where actor_id is not null;
create index audit_log_subject_id_idx on audit_log (subject_id, id) where subject_id is not null;
create index audit_log_action_idx on audit_log (action, id);

-- The row of one act: from the origin $1, by the actor of kind $2 with the identifier $3 or null, the
-- action $4 with the outcome $5, done to $6 or null, with the details $7. The origin is a JSON object
-- with address, user_agent and request_id, or null where there is no request.
create function audit_row(text, text, uuid, text, text, uuid, jsonb) returns audit_log
language sql volatile
as $$
    select row(
        uuid_v7(),
        clock_timestamp(),
        $4,
        $5,
        $2,
        $3,
        $6,
        (origin ->> 'address')::inet,
        left(nullif(origin ->> 'user_agent', ''), 255),
        left(origin ->> 'request_id', 128),
        $7
    )::audit_log
    from (select $1::jsonb as origin) as request
$$;

create function refuse_audit_log_change() returns trigger
language plpgsql
as $$
begin
    raise exception 'audit_log is append-only: % refused', lower(tg_op)
        using errcode = 'insufficient_privilege',
            hint = 'Rows go by POST /internal/sweep, once they are older than audit_retention_days.';
end
$$;

create trigger audit_log_append_only
    before update or truncate on audit_log
    for each statement execute function refuse_audit_log_change();

-- Whoever asks, and whatever retention is set: 30 days are kept.
create trigger audit_log_retention
    before delete on audit_log
    for each row
    when (old.occurred_at > now() - interval '30 days')
    execute function refuse_audit_log_change();
