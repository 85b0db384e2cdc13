-- Adds users with all that belongs to them. The first have the hashes that are given, one each; nobody knows the
-- password of the others.
-- $1 how many, $2 hashes
with new_user as (
    insert into users
    select
        coalesce(
            ($2::text[])[number],
            'pbkdf2_sha256$600000$' || left(md5(number::text), 22)
                || '$Rqv4wtZ8ad3/VENkdY1TIKfpLxdTI3GvzxI52LPbpjQ='
        ),
        case when number % 4 > 0 then now() - number % 90 * interval '1 day' end,
        false, 'First ' || number, 'Last ' || number, false, true, joined_at, gen_random_uuid(),
        'user' || number || '@django.example', 'user' || number,
        case when number % 3 = 0 then '+49151' || lpad(number::text, 8, '0') end,
        number % 2 = 0, joined_at, joined_at,
        case when number % 4 > 0 then '198.51.100.7'::inet end
    from (
        select number, now() - number % 500 * interval '1 day' - number * interval '1 millisecond' as joined_at
        from generate_series(1, $1::integer) as number
    ) as numbered
    returning *, substring(username from 5)::integer as number
), profile as (
    insert into user_profiles
    select
        gen_random_uuid(), first_name, last_name,
        case when number % 5 = 0 then 'https://pictures.example/' || number || '.png' end,
        (array['UTC', 'Africa/Lagos', 'Europe/Berlin', 'America/New_York'])[1 + number % 4],
        (array['en', 'de', 'pt-BR'])[1 + number % 3],
        case when number % 7 = 0 then 'Number ' || number else '' end,
        created_at, created_at + interval '1 hour', id
    from new_user
), preferences as (
    insert into notification_preferences
    select
        gen_random_uuid(), true, number % 2 = 0, true, true, true, number % 3 > 0, false, true, true, true,
        case when number % 6 = 0 then '22:00'::time end, case when number % 6 = 0 then '07:30'::time end,
        number % 100, created_at, created_at, id
    from new_user
), push_token as (
    insert into push_tokens
    select
        gen_random_uuid(), 'token-' || number || '-' || device, 'fcm',
        (array['web', 'android', 'ios'])[device],
        case when device = 1 then '' else 'device-' || number end, 'Device ' || device, number % 10 > 0,
        created_at + interval '2 days', created_at, created_at + interval '1 day', id
    from new_user, generate_series(1, number % 4) as device
)
insert into token_blacklist_outstandingtoken (token, created_at, expires_at, user_id, jti)
select 'not looked at', now(), now() + interval '7 days', id, md5('jti ' || number)
from new_user
where number % 2 = 0
