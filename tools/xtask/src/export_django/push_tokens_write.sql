-- Writes push tokens into the old service's table. What has the token or the device there otherwise goes.
-- $1 the push tokens as a JSON array
with given as materialized (
    select given.*
    from jsonb_to_recordset($1::text::jsonb) as given (
        id uuid,
        user_id uuid,
        token text,
        token_type text,
        platform text,
        device_id text,
        device_name text,
        is_active boolean,
        last_used timestamptz,
        created_at timestamptz,
        updated_at timestamptz
    )
), removed as (
    delete from push_tokens as other
    using given
    where other.id <> given.id
      and (
          other.token = given.token
          or (
              other.user_id = given.user_id
              and other.device_id = given.device_id
              and other.platform = given.platform
              and given.device_id <> ''
          )
      )
    returning other.id
)
insert into push_tokens as push_token (
    id, user_id, token, token_type, platform, device_id, device_name, is_active, last_used, created_at, updated_at
)
select
    id, user_id, token, token_type, platform, device_id, device_name, is_active, last_used, created_at, updated_at
from given
-- After they are gone.
where (select count(*) from removed) >= 0
on conflict (id) do update
set user_id = excluded.user_id,
    token = excluded.token,
    token_type = excluded.token_type,
    platform = excluded.platform,
    device_id = excluded.device_id,
    device_name = excluded.device_name,
    is_active = excluded.is_active,
    last_used = excluded.last_used,
    updated_at = excluded.updated_at
returning push_token.id::text as id, case when push_token.xmax = 0 then 'imported' else 'updated' end as verdict
