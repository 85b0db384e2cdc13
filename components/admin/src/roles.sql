-- The roles with what they permit, and how many users have each.
select '[' || string_agg(
    json_build_object(
        'name', role.name,
        'description', role.description,
        'permissions', array(
            select json_build_object('name', permission.name, 'description', permission.description)
            from role_permissions
            join permissions as permission on permission.name = role_permissions.permission
            where role_permissions.role = role.name
            order by permission.name
        ),
        'users', case when role.name <> 'user' then (select count(*) from user_roles where user_roles.role = role.name) end
    )::text,
    ',' order by role.name
) || ']' as documents
from roles as role
