-- Brings push tokens over. What was changed or removed here since an earlier run stays as it is here. Answers
-- what has become of each; nothing of one whose token or device is registered here already.
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
        updated_at timestamptz,
        digest text
    )
), judged as materialized (
    select
        given.*,
        push_token.updated_at as own_updated_at,
        case
            when mark.id is not null and push_token.id is null then 'erased_here'
            when account.id is null then 'without_user'
            when mark.id is null and push_token.id is null then 'imported'
            when mark.id is null then 'of_this_service'
            when mark.digest = decode(given.digest, 'hex') then 'unchanged'
            when push_token.updated_at = mark.updated_at then 'updated'
            else 'changed_here'
        end as verdict
    from given
    left join users as account on account.id = given.user_id
    left join imported_rows as mark on mark.source_table = 'push_tokens' and mark.id = given.id
    left join push_tokens as push_token on push_token.id = given.id
), inserted as (
    insert into push_tokens (
        id, user_id, token, token_type, platform, device_id, device_name, is_active, last_used, registered_at,
        created_at, updated_at
    )
    select
        id, user_id, token, token_type, platform, device_id, device_name, is_active, last_used, last_used,
        created_at, updated_at
    from judged
    where verdict = 'imported'
    on conflict do nothing
    returning id
), updated as (
    update push_tokens as own
    set user_id = judged.user_id,
        token = judged.token,
        token_type = judged.token_type,
        platform = judged.platform,
        device_id = judged.device_id,
        device_name = judged.device_name,
        is_active = judged.is_active,
        last_used = judged.last_used,
        registered_at = judged.last_used,
        updated_at = judged.updated_at
    from judged
    where judged.verdict = 'updated'
      and own.id = judged.id
      -- Not if it was changed here a moment ago.
      and own.updated_at = judged.own_updated_at
    returning own.id
), done as (
    select judged.*
    from judged
    where id in (select id from inserted union all select id from updated)
), marked as (
    insert into imported_rows (source_table, id, digest, updated_at)
    select 'push_tokens', id, decode(digest, 'hex'), updated_at from done
    on conflict (source_table, id) do update
    set digest = excluded.digest, updated_at = excluded.updated_at
), owner as (
    -- Whoever has never been here has no document in the cache.
    select distinct user_id as id
    from done
    where exists (select from sessions where user_id = done.user_id)
), untold as (
    insert into untold_changes (user_id, entries)
    select id, outdated_documents(id, raise_user_version(id)) from owner
)
select judged.id::text as id, judged.verdict
from judged
where judged.verdict not in ('imported', 'updated') or judged.id in (select id from done)
