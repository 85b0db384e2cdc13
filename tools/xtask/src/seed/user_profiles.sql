-- Adds the profiles of those who have none.
insert into user_profiles (user_id, first_name, last_name, timezone, language, bio)
select
    account.id,
    'Seed',
    account.username,
    (array['UTC', 'Europe/Berlin', 'Africa/Lagos', 'America/New_York'])[1 + (hashtext(account.username) & 2147483647) % 4],
    (array['en', 'de', 'fr'])[1 + (hashtext(account.username) & 2147483647) % 3],
    repeat('A line about somebody. ', (hashtext(account.username) & 2147483647) % 5)
from users as account
where not exists (select from user_profiles where user_id = account.id)
