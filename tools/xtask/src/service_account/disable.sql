-- Ends a service account and its secrets. Answers no row if there is no such account in use.
-- $1 name, $2 who does it
select id
from disable_service_account($1, null, 'operator', null, jsonb_build_object('operator', $2::text)) as id
