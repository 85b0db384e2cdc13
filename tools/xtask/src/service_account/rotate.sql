-- Gives a service account a new secret; the old ones end. Answers no row if there is no such account
-- in use.
-- $1 name, $2 SHA-256 of the new secret, $3 seconds until the old ones end,
-- $4 who does it
with account as (
    select id from service_accounts where name = $1 and disabled_at is null for update
), ended as (
    update service_credentials as credential
    set revoked_at = case when $3::bigint = 0 then now() end,
        expires_at = case
            when $3::bigint = 0 then credential.expires_at
            else least(credential.expires_at, now() + $3::bigint * interval '1 second')
        end
    from account
    where credential.service_account_id = account.id
      and credential.revoked_at is null
), audited as (
    insert into audit_log
    select entry.*
    from account, audit_row(
        null, 'operator', null, 'service_account_rotated', 'success', account.id,
        jsonb_build_object('operator', $4::text, 'grace_seconds', $3::bigint)
    ) as entry
)
insert into service_credentials (service_account_id, secret_hash)
select id, $2::bytea from account
returning service_account_id
