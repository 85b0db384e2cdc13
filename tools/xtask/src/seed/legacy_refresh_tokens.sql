-- Adds a refresh token of the service before this one to those who have none.
insert into legacy_refresh_tokens (jti, user_id, expires_at)
select md5(account.id::text), account.id, now() + (hashtext(account.username) & 2147483647) % 7 * interval '1 day'
from users as account
where not exists (select from legacy_refresh_tokens where user_id = account.id)
