-- Adds the sessions of those who have none: up to four, every fourth of them ended.
insert into sessions (user_id, generation, created_at, rotated_at, last_used_at, expires_at, user_agent, revoked_at, revoked_reason)
select
    account.id,
    number,
    begun_at,
    begun_at,
    begun_at,
    begun_at + interval '90 days',
    'Seed/1.0',
    case when has_ended then begun_at + interval '1 hour' end,
    case when has_ended then 'logout' end
from users as account
cross join lateral (
    select
        number,
        now() - (hashtext(account.username || number) & 2147483647) % 80 * interval '1 day' as begun_at,
        number = 4 as has_ended
    from generate_series(1, 1 + (hashtext(account.username) & 2147483647) % 4) as number
) as session
where not exists (select from sessions where user_id = account.id)
