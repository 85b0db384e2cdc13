-- Makes a service account with its first secret. Answers no row if its name is taken.
-- $1 name, $2 permissions, $3 SHA-256 of the secret, $4 who does it
select id
from create_service_account(
    $1, $2::text[], $3::bytea, null, 'operator', null, jsonb_build_object('operator', $4::text)
) as id
