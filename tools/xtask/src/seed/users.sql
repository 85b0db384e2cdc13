-- Adds users. Names of one column count on from those that are there.
-- $1 how many
insert into users (email, username, password, phone_number, last_login, date_joined, created_at, updated_at)
select
    'user' || number || '@seed.example',
    'seed_user_' || number,
    -- Of no password: nobody signs in as one of them.
    '$argon2id$v=19$m=19456,t=2,p=1$c2VlZGVkc2FsdHNlZWRlZA$' || md5(number::text),
    case when number % 3 = 0 then '+49151' || lpad(number::text, 8, '0') end,
    now() - number % 90 * interval '1 day',
    joined_at,
    joined_at,
    joined_at
from (
    select number, now() - (number % 1000000) * interval '1 minute' as joined_at
    from (select count(*) as present from users where email like 'user%@seed.example') as seeded,
        generate_series(seeded.present + 1, seeded.present + $1::bigint) as number
) as numbered
