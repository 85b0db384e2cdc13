-- Grants a role to a user; one that he has stays as it is. Answers whether there is such a role.
-- $1 user, $2 origin, $3 who does it, $4 why, $5 role
with role as (
    select name from roles where name = $5::text and name <> 'user'
), granted as (
    insert into user_roles (user_id, role, granted_by)
    select users.id, role.name, $3
    from role, users
    where users.id = $1
    on conflict (user_id, role) do nothing
    returning user_id, role
), audited as (
    insert into audit_log
    select entry.*
    from granted, audit_row(
        $2, 'user', $3, 'authz_change', 'success', granted.user_id,
        jsonb_build_object('reason', $4::text, 'granted', granted.role)
    ) as entry
)
select exists (select from role) as is_role
