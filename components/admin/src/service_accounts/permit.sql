-- Sets what a service account may do. Answers no row if there is no such account in use.
-- $1 origin, $2 who does it, $3 why, $4 name, $5 permissions
select id
from permit_service_account($4, $5::text[], $1, 'user', $2, jsonb_build_object('reason', $3::text)) as id
