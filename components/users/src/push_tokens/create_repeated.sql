-- What a registration with this idempotency key was answered, and whether it was the same registration.
-- $1 the key's row in hex, $2 the request's fingerprint in hex
select
    fingerprint = decode($2, 'hex') as is_same,
    status = 201 as created,
    answer as document
from idempotency_keys
where id = decode($1, 'hex')
