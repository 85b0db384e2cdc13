-- Adds the service account that has taken the delivery slots, with one secret that nobody knows.
with account as (
    insert into service_accounts (id, name, permissions)
    values ('00000000-0000-7000-8000-000000000001', 'seed', '{users:read,delivery:decide}')
    on conflict do nothing
    returning id
)
insert into service_credentials (service_account_id, secret_hash)
select id, sha256('seed') from account
