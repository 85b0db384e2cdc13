-- What is done to service accounts, by `cargo xtask service-account` and by /api/v1/admin. Each writes
-- its row of the audit trail: from the origin, by the actor of a kind, with the details. Each answers
-- the account, or no row if there is none to do it to.

-- Makes the account $1 with the permissions $2 and a secret whose SHA-256 is $3; no row if the name is
-- taken. $4 origin, $5 kind of actor, $6 actor or null, $7 details
create function create_service_account(text, text[], bytea, text, text, uuid, jsonb) returns setof uuid
language sql volatile
as $$
    with account as (
        insert into service_accounts (name, permissions) values ($1, $2)
        on conflict (name) do nothing
        returning id
    ), audited as (
        insert into audit_log
        select entry.*
        from account, audit_row(
            $4, $5, $6, 'service_account_created', 'success', account.id,
            $7 || jsonb_build_object('permissions', $2)
        ) as entry
    )
    insert into service_credentials (service_account_id, secret_hash)
    select id, $3 from account
    returning service_account_id
$$;

-- Gives the account $1 a new secret whose SHA-256 is $2; the old ones end in $3 seconds.
-- $4 origin, $5 kind of actor, $6 actor or null, $7 details
create function rotate_service_account(text, bytea, bigint, text, text, uuid, jsonb) returns setof uuid
language sql volatile
as $$
    with account as (
        select id from service_accounts where name = $1 and disabled_at is null for update
    ), ended as (
        update service_credentials as credential
        set revoked_at = case when $3 = 0 then now() end,
            expires_at = case
                when $3 = 0 then credential.expires_at
                else least(credential.expires_at, now() + $3 * interval '1 second')
            end
        from account
        where credential.service_account_id = account.id
          and credential.revoked_at is null
    ), audited as (
        insert into audit_log
        select entry.*
        from account, audit_row(
            $4, $5, $6, 'service_account_rotated', 'success', account.id,
            $7 || jsonb_build_object('grace_seconds', $3)
        ) as entry
    )
    insert into service_credentials (service_account_id, secret_hash)
    select id, $2 from account
    returning service_account_id
$$;

-- Sets what the account $1 may do to $2. $3 origin, $4 kind of actor, $5 actor or null, $6 details
create function permit_service_account(text, text[], text, text, uuid, jsonb) returns setof uuid
language sql volatile
as $$
    with account as (
        update service_accounts
        set permissions = $2
        where name = $1 and disabled_at is null
        returning id
    ), audited as (
        insert into audit_log
        select entry.*
        from account, audit_row(
            $3, $4, $5, 'privilege_permissions_changed', 'success', account.id,
            $6 || jsonb_build_object('permissions', $2)
        ) as entry
    )
    select id from account
$$;

-- Ends the account $1 and its secrets. $2 origin, $3 kind of actor, $4 actor or null, $5 details
create function disable_service_account(text, text, text, uuid, jsonb) returns setof uuid
language sql volatile
as $$
    with account as (
        update service_accounts set disabled_at = now()
        where name = $1 and disabled_at is null
        returning id
    ), ended as (
        update service_credentials as credential set revoked_at = now()
        from account
        where credential.service_account_id = account.id and credential.revoked_at is null
    ), audited as (
        insert into audit_log
        select entry.*
        from account, audit_row(
            $2, $3, $4, 'service_account_disabled', 'success', account.id, $5
        ) as entry
    )
    select id from account
$$;
