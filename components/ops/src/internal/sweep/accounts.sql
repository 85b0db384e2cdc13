-- Erases accounts whose grace period is over, as their owners have asked. Those of administrators wait until
-- there is one who stays: the last of them can't be erased, and would keep the others' erasure back.
-- $1 most of them, $2 destinations of events
with due as (
    select account.id
    from users as account
    where account.erase_at < now()
      and (
          not exists (select from user_roles where user_id = account.id and role = 'admin')
          -- Asked once, not for each of them.
          or (select administrator_stays())
      )
    order by account.erase_at
    limit $1::bigint
    for update of account skip locked
)
select due.id, erased.version
from due, erase_user(due.id, $2, null, due.id, '{"by": "grace_period"}') as erased
