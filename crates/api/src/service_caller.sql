-- Answers a row if the credential and its service account are live, and the account still has all
-- that the token permits.
-- $1 service account, $2 credential, $3 scope of the token: names of permissions
select credential.id
from service_credentials as credential
join service_accounts as account on account.id = credential.service_account_id
where account.id = $1
  and credential.id = $2
  and credential.revoked_at is null
  and (credential.expires_at is null or credential.expires_at > now())
  and account.disabled_at is null
  and $3::text[] <@ account.permissions
