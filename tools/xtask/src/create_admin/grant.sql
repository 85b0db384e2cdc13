-- Makes an administrator of a user, and answers whether he was none before. No row if he is not active.
-- $1 e-mail in lower case, $2 who does it
with account as (
    select id from users where lower(email) = $1 and is_active
), granted as (
    insert into user_roles (user_id, role)
    select id, 'admin' from account
    on conflict (user_id, role) do nothing
    returning user_id, role
), audited as (
    insert into audit_log
    select entry.*
    from granted, audit_row(
        null, 'operator', null, 'authz_change', 'success', granted.user_id,
        jsonb_build_object('operator', $2::text, 'granted', granted.role)
    ) as entry
)
select exists (select from granted) as is_new from account
