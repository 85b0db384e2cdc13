-- The service accounts by name, with the number of secrets of each that work.
select
    account.name,
    account.permissions,
    iso8601(account.created_at) as created_at,
    account.disabled_at is not null as disabled,
    (
        select count(*)
        from service_credentials as credential
        where credential.service_account_id = account.id
          and credential.revoked_at is null
          and (credential.expires_at is null or credential.expires_at > now())
    ) as secrets
from service_accounts as account
order by account.name
