-- The service account with this name, with its permissions, and its credential with this secret. The
-- credential is null if it is not the account's, or either has ended.
-- $1 name of the service account, $2 SHA-256 of the secret in hex
select account.id as account, credential.id as credential, account.permissions
from service_accounts as account
left join service_credentials as credential
    on credential.service_account_id = account.id
    and credential.secret_hash = decode($2, 'hex')
    and credential.revoked_at is null
    and (credential.expires_at is null or credential.expires_at > now())
    and account.disabled_at is null
where account.name = $1
