-- Makes a service account with its first secret. Answers no row if its name is taken.
-- $1 origin, $2 who does it, $3 why, $4 name, $5 permissions, $6 SHA-256 of the secret in hex
select id
from create_service_account(
    $4, $5::text[], decode($6, 'hex'), $1, 'user', $2, jsonb_build_object('reason', $3::text)
) as id
