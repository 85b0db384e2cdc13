-- Erases the caller's account. Answers no row if the password is no longer the one that was verified.
-- $1 user, $2 the hash that was verified, $3 destinations of events, $4 origin
with account as (
    select id from users where id = $1 and password = $2 for update
)
select erased.version, erased.ended_sessions
from account, erase_user(account.id, $3, $4, account.id, '{}') as erased
