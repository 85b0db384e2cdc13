-- Who is to be erased is no administrator who stays: he does not count any more, so that the last one can't
-- have his account erased later either. Else nobody would be left when its time comes, or the erasure would
-- fail each time.
create or replace function require_an_administrator() returns void
language plpgsql
as $$
begin
    perform from roles where name = 'admin' for no key update;
    if not exists (
        select
        from user_roles
        join users on users.id = user_roles.user_id
        where user_roles.role = 'admin' and users.is_active and users.erase_at is null
    ) then
        raise exception 'the last administrator can''t be removed'
            using errcode = 'integrity_constraint_violation', constraint = 'user_roles_last_administrator';
    end if;
end
$$;

create trigger users_last_administrator_to_be_erased
    after update of erase_at on users
    for each row
    when (old.erase_at is null and new.erase_at is not null)
    execute function keep_an_active_administrator();
