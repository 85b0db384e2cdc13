-- As before, but another user is no different from an operator or a service: from where he has acted, and
-- what was noted, is not the business of the user whom it was done to. Who has not proved who he is may be a
-- thief, so that all of it is told.
create or replace function account_activity(entry audit_log)
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
    from (select entry.actor_kind = 'anonymous' or entry.actor_id = entry.subject_id as is_open) as kind
$$;
