-- A row of the audit trail as far as it is the business of the user whom it is about. From where an
-- operator or another service has acted, and what they have noted, is not.
create function account_activity(entry audit_log)
returns table (action text, outcome text, by text, ip_address text, user_agent text, details jsonb)
language sql stable parallel safe
as $$
    select
        entry.action,
        entry.outcome,
        case when entry.actor_id = entry.subject_id then 'you' else entry.actor_kind end,
        case when is_open then host(entry.client_address) end,
        case when is_open then entry.user_agent::text end,
        case when is_open then entry.details else '{}' end
    from (select entry.actor_kind in ('user', 'anonymous') as is_open) as kind
$$;
