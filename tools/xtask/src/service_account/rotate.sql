-- Gives a service account a new secret; the old ones end. Answers no row if there is no such account
-- in use.
-- $1 name, $2 SHA-256 of the new secret, $3 seconds until the old ones end, $4 who does it
select id
from rotate_service_account(
    $1, $2::bytea, $3::bigint, null, 'operator', null, jsonb_build_object('operator', $4::text)
) as id
