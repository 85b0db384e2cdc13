-- Takes a role from a user. Answers whether there is such a role.
-- $1 user, $2 origin, $3 who does it, $4 why, $5 role
with role as (
    select name from roles where name = $5::text and name <> 'user'
), revoked as (
    delete from user_roles
    using role
    where user_roles.user_id = $1 and user_roles.role = role.name
    returning user_roles.user_id, user_roles.role
), audited as (
    insert into audit_log
    select entry.*
    from revoked, audit_row(
        $2, 'user', $3, 'authz_change', 'success', revoked.user_id,
        jsonb_build_object('reason', $4::text, 'revoked', revoked.role)
    ) as entry
)
select exists (select from role) as is_role
