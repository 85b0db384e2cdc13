-- What users may do beyond their own accounts: roles, each a set of permissions (the names in
-- crates/domain/src/staff_permission.rs), and who has which role.
create table roles (
    name varchar(63) primary key,
    description text not null
);

create table permissions (
    name varchar(63) primary key,
    description text not null
);

create table role_permissions (
    role varchar(63) not null references roles (name) on delete cascade,
    permission varchar(63) not null references permissions (name) on delete cascade,
    primary key (role, permission)
);

create index role_permissions_permission_idx on role_permissions (permission);

create table user_roles (
    user_id uuid not null references users (id) on delete cascade,
    -- Everybody has the role `user`; it is not granted.
    role varchar(63) not null references roles (name) constraint user_roles_role_check check (role <> 'user'),
    granted_at timestamptz not null default now(),
    -- Null where an operator has done it. No foreign key: a role outlives who granted it.
    granted_by uuid constraint user_roles_granted_by_check check (granted_by <> user_id),
    primary key (user_id, role)
);

create index user_roles_role_idx on user_roles (role, user_id);

insert into roles (name, description) values
    ('user', 'Everybody: his own account and what belongs to it.'),
    ('support', 'Helps users: finds them, verifies them, ends their sessions, unlocks them, has them reset their password.'),
    ('admin', 'Everything that can be done here.');

insert into permissions (name, description) values
    ('admin:users:read', 'Find and see users, with their sessions and devices.'),
    ('admin:personal:read', 'See phone numbers, profiles, network addresses and what clients call themselves.'),
    ('admin:users:verify', 'Mark the e-mail address of a user as verified.'),
    ('admin:users:unlock', 'Clear the counts of a user''s attempts to sign in.'),
    ('admin:passwords:reset', 'Have a user reset his password before he signs in again.'),
    ('admin:sessions:end', 'End sessions of a user.'),
    ('admin:users:activate', 'Activate and deactivate users.'),
    ('admin:users:delete', 'Erase users.'),
    ('admin:staff:write', 'Do all this to users who have a role, too.'),
    ('admin:roles:read', 'See the roles.'),
    ('admin:roles:write', 'Grant and revoke roles.'),
    ('admin:services:read', 'See service accounts.'),
    ('admin:services:write', 'Make, change and end service accounts.'),
    ('admin:audit:read', 'Read the audit trail, with network addresses.'),
    ('admin:dead-letters:read', 'See events that could not be delivered.'),
    ('admin:dead-letters:replay', 'Have events delivered again that could not be.');

insert into role_permissions (role, permission)
select 'admin', name from permissions;

insert into role_permissions (role, permission) values
    ('support', 'admin:users:read'),
    ('support', 'admin:users:verify'),
    ('support', 'admin:users:unlock'),
    ('support', 'admin:passwords:reset'),
    ('support', 'admin:sessions:end'),
    ('support', 'admin:roles:read');

-- What user $1 may do by his roles, in alphabetical order.
create function user_permissions(uuid) returns text[]
language sql stable
as $$
    select coalesce(array_agg(distinct role_permissions.permission::text order by role_permissions.permission::text), '{}')
    from user_roles
    join role_permissions on role_permissions.role = user_roles.role
    where user_roles.user_id = $1
$$;

-- The `scope` of user $1's tokens (RFC 8693, section 4.2): for information, since what he may do is
-- looked up where it matters.
create function user_scope(uuid) returns text
language sql stable
as $$
    select array_to_string('user'::text || user_permissions($1), ' ')
$$;

-- There is always an administrator who can sign in, once there was one: whoever removes the last one,
-- by whatever route, changes nothing. Removals come one after the other, so that of two who remove each
-- other the second sees what the first has done.
create function require_an_administrator() returns void
language plpgsql
as $$
begin
    perform from roles where name = 'admin' for no key update;
    if not exists (
        select
        from user_roles
        join users on users.id = user_roles.user_id
        where user_roles.role = 'admin' and users.is_active
    ) then
        raise exception 'the last administrator can''t be removed'
            using errcode = 'integrity_constraint_violation', constraint = 'user_roles_last_administrator';
    end if;
end
$$;

create function keep_an_administrator() returns trigger
language plpgsql
as $$
begin
    perform require_an_administrator();
    return null;
end
$$;

create trigger user_roles_last_administrator
    after delete on user_roles
    for each row
    when (old.role = 'admin')
    execute function keep_an_administrator();

-- The same for one who is deactivated.
create function keep_an_active_administrator() returns trigger
language plpgsql
as $$
begin
    if exists (select from user_roles where user_id = old.id and role = 'admin') then
        perform require_an_administrator();
    end if;
    return null;
end
$$;

create trigger users_last_administrator
    after update of is_active on users
    for each row
    when (old.is_active and not new.is_active)
    execute function keep_an_active_administrator();
