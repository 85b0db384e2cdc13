-- Ends a service account and its secrets. Answers no row if there is no such account in use.
-- $1 origin, $2 who does it, $3 why, $4 name
select id from disable_service_account($4, $1, 'user', $2, jsonb_build_object('reason', $3::text)) as id
