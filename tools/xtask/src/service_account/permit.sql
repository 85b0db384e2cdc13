-- Sets what a service account may do. Answers no row if there is no such account in use.
-- $1 name, $2 permissions, $3 who does it
with account as (
    update service_accounts
    set permissions = $2::text[]
    where name = $1 and disabled_at is null
    returning id
), audited as (
    insert into audit_log
    select entry.*
    from account, audit_row(
        null, 'operator', null, 'privilege_permissions_changed', 'success', account.id,
        jsonb_build_object('operator', $3::text, 'permissions', $2::text[])
    ) as entry
)
select id from account
