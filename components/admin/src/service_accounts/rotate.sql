-- Gives a service account a new secret; the old ones end. Answers no row if there is no such account in use.
-- $1 origin, $2 who does it, $3 why, $4 name, $5 SHA-256 of the new secret in hex, $6 seconds until the
-- old ones end
select id
from rotate_service_account(
    $4, decode($5, 'hex'), $6::bigint, $1, 'user', $2, jsonb_build_object('reason', $3::text)
) as id
