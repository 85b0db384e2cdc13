-- Adds counts of attempts as Redis' absence leaves them: one for every tenth user, half of them over.
insert into rate_limits (key, attempts, expires_at)
select
    'login:' || md5(account.email),
    array[now() - interval '1 minute'],
    now() + case when (hashtext(account.username) & 2147483647) % 20 = 3 then interval '1 hour' else interval '-1 hour' end
from users as account
where (hashtext(account.username) & 2147483647) % 10 = 3
on conflict (key) do nothing
