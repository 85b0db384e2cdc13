-- Adds delivery slots of the last two days for those who have none: up to four.
insert into delivery_slots (user_id, channel, category, taken_at, service_account_id, idempotency_key)
select
    account.id,
    (array['email', 'push'])[1 + number % 2],
    'transactional',
    now() - (hashtext(account.username || number) & 2147483647) % 172000 * interval '1 second',
    '00000000-0000-7000-8000-000000000001',
    account.id || '-' || number
from users as account
cross join lateral generate_series(1, (hashtext(account.username) & 2147483647) % 5) as number
where not exists (select from delivery_slots where user_id = account.id)
