-- Makes a service account with its first secret. Answers no row if its name is taken.
-- $1 name, $2 permissions, $3 SHA-256 of the secret, $4 who does it
with account as (
    insert into service_accounts (name, permissions) values ($1, $2::text[])
    on conflict (name) do nothing
    returning id
), audited as (
    insert into audit_log
    select entry.*
    from account, audit_row(
        null, 'operator', null, 'service_account_created', 'success', account.id,
        jsonb_build_object('operator', $4::text, 'permissions', $2::text[])
    ) as entry
)
insert into service_credentials (service_account_id, secret_hash)
select id, $3::bytea from account
returning service_account_id
