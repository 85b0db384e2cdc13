-- Sets what a service account may do. Answers no row if there is no such account in use.
-- $1 name, $2 permissions
update service_accounts
set permissions = $2::text[]
where name = $1 and disabled_at is null
returning id
