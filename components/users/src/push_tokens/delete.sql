-- Removes a push token of the user. Answers no row if he has no such push token.
-- $1 user, $2 push token
with removed as (
    delete from push_tokens where id = $2 and user_id = $1 returning user_id
)
update users
set version = version + 1
from removed
where users.id = removed.user_id
returning users.version
