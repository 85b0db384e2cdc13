-- Erases accounts whose grace period is over, as their owners have asked.
-- $1 most of them, $2 destinations of events
with due as (
    select id from users
    where erase_at < now()
    order by erase_at
    limit $1::bigint
    for update skip locked
)
select due.id, erased.version
from due, erase_user(due.id, $2, null, due.id, '{"by": "grace_period"}') as erased
