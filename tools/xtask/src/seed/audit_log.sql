-- Adds the acts of those who have none: up to four, made on one of the last 80 days.
insert into audit_log (id, occurred_at, action, outcome, actor_kind, actor_id, subject_id, client_address, user_agent)
select
    (left(uuid_v7_at(done_at)::text, 18) || right(gen_random_uuid()::text, 18))::uuid,
    done_at,
    'authn_login_success',
    'success',
    'user',
    account.id,
    account.id,
    '10.0.0.1',
    'Seed/1.0'
from (
    select id from users
    except
    select subject_id from audit_log
) as actless
join users as account using (id)
cross join lateral (
    select now() - (hashtext(account.username || number) & 2147483647) % 80 * interval '1 day' as done_at
    from generate_series(1, 1 + (hashtext(account.username) & 2147483647) % 4) as number
) as act
