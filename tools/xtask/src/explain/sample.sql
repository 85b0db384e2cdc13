-- What the statements are explained with: a seeded user from the middle with all that he has, and the
-- first 500 users.
with account as (
    select account.*
    from users as account
    where exists (select from sessions where user_id = account.id and revoked_at is null)
      and exists (select from push_tokens where user_id = account.id and is_active)
      and exists (select from outbox where user_id = account.id and dead_at is null)
    order by account.created_at
    limit 1
), many as (
    select id, email from users order by created_at limit 500
)
select
    account.id::text as "user",
    (select id::text from users where id <> account.id limit 1) as another_user,
    (select user_id::text from user_roles where role = 'support' limit 1) as staff,
    account.password as password,
    account.email as email,
    account.username as username,
    '{"address": "10.0.0.1", "user_agent": "agent", "request_id": "request"}' as origin,
    (select id::text from sessions where user_id = account.id and revoked_at is null limit 1) as session,
    (select generation::text from sessions where user_id = account.id and revoked_at is null limit 1) as generation,
    (select jti from legacy_refresh_tokens where user_id = account.id limit 1) as legacy_token,
    (select id::text from push_tokens where user_id = account.id and is_active limit 1) as push_token,
    (select token from push_tokens where user_id = account.id and is_active limit 1) as token,
    (select token from push_tokens where user_id <> account.id limit 1) as another_token,
    (select service_account_id::text from service_credentials limit 1) as service,
    (select id::text from service_credentials limit 1) as credential,
    (select array_agg(id)::text from many) as users,
    (select array_agg(lower(email))::text from many) as emails,
    (select array_agg(id)::text from (select id from outbox where dead_at is not null limit 10) as dead) as dead_letters,
    (
        select json_agg(outcome)::text
        from (
            select
                event.user_id,
                1 as additions,
                array[event.id] as delivered,
                null as failed,
                0 as refusals,
                null as error,
                false as has_more
            from outbox as event
            where event.dead_at is null
            limit 16
        ) as outcome
    ) as outcomes
from account
