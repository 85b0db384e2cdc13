-- Whether there is an administrator who can sign in and is not to be erased: for whoever removes one, and for
-- the sweep, which erases none as long as this would be refused.
create function administrator_stays() returns boolean
language sql stable
as $$
    select exists (
        select
        from user_roles
        join users on users.id = user_roles.user_id
        where user_roles.role = 'admin' and users.is_active and users.erase_at is null
    )
$$;

create or replace function require_an_administrator() returns void
language plpgsql
as $$
begin
    -- Removals come one after the other: what is looked at is looked at behind the lock.
    perform from roles where name = 'admin' for no key update;
    if not administrator_stays() then
        raise exception 'the last administrator can''t be removed'
            using errcode = 'integrity_constraint_violation', constraint = 'user_roles_last_administrator';
    end if;
end
$$;
