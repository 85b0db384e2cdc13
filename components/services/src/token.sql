-- The service that a secret is the proof of, with its permissions. Answers no row if there is none,
-- or the secret is not that of this client, or either has ended.
-- $1 name of the service account, $2 SHA-256 of the secret in hex
select account.id as account, credential.id as credential, account.permissions
from service_credentials as credential
join service_accounts as account on account.id = credential.service_account_id
where credential.secret_hash = decode($2, 'hex')
  and credential.revoked_at is null
  and (credential.expires_at is null or credential.expires_at > now())
  and account.name = $1
  and account.disabled_at is null
