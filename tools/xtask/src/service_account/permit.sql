-- Sets what a service account may do. Answers no row if there is no such account in use.
-- $1 name, $2 permissions, $3 who does it
select id
from permit_service_account(
    $1, $2::text[], null, 'operator', null, jsonb_build_object('operator', $3::text)
) as id
