-- Adds the push tokens of those who have none: up to three, one and a half on average.
insert into push_tokens (user_id, token, token_type, platform, device_id, device_name, is_active, last_used, created_at)
select
    account.id,
    'seed-' || md5(account.id::text || device),
    'fcm',
    (array['android', 'ios', 'web'])[device],
    'device-' || device,
    'Device ' || device,
    (hashtext(account.username) & 2147483647) % 10 > 0,
    now() - (hashtext(account.username || device) & 2147483647) % 250 * interval '1 day',
    now() - interval '250 days'
from users as account
cross join lateral generate_series(1, (hashtext(account.username) & 2147483647) % 4) as device
where not exists (select from push_tokens where user_id = account.id)
