-- Adds an event for every twentieth user who has none, each tenth of them a dead letter.
insert into outbox (id, destination, user_id, sequence, type, data, refusals, last_error, dead_at)
select
    uuid_v7(),
    'rabbitmq',
    account.id,
    account.version,
    'user.updated',
    json_build_object('user', json_build_object('id', account.id)),
    case when is_dead then 20 else 0 end,
    case when is_dead then 'refused' end,
    case when is_dead then now() - (hashtext(account.username) & 2147483647) % 80 * interval '1 day' end
from (
    select *, (hashtext(username) & 2147483647) % 200 = 3 as is_dead
    from users
    where (hashtext(username) & 2147483647) % 20 = 3
) as account
where not exists (select from outbox where user_id = account.id)
