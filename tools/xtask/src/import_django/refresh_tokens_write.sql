-- Notes which refresh tokens of the old service may be exchanged. One that has ended here stays so, one that was
-- blacklisted there meanwhile ends here. Answers what has become of each.
-- $1 the tokens as a JSON array
with given as materialized (
    select given.*
    from jsonb_to_recordset($1::text::jsonb) as given (
        id text, jti text, user_id uuid, expires_at timestamptz, ended_at timestamptz
    )
), judged as materialized (
    select
        given.*,
        -- Whoever was here to change something has a session here; the rest may be somebody else's.
        mark.updated_at is distinct from greatest(account.updated_at, profile.updated_at, preferences.updated_at)
            as is_changed_here,
        case
            when account.id is null and mark.id is not null then 'erased_here'
            when account.id is null then 'without_user'
            when known.jti is null then 'imported'
            when known.user_id <> given.user_id then 'of_this_service'
            when known.ended_at is null and given.ended_at is not null then 'updated'
            else 'unchanged'
        end as verdict
    from given
    left join users as account on account.id = given.user_id
    left join user_profiles as profile on profile.user_id = account.id
    left join notification_preferences as preferences on preferences.user_id = account.id
    left join imported_rows as mark on mark.source_table = 'users' and mark.id = given.user_id
    left join legacy_refresh_tokens as known on known.jti = given.jti
), done as (
    insert into legacy_refresh_tokens as known (jti, user_id, expires_at, ended_at)
    select jti, user_id, expires_at, coalesce(ended_at, case when is_changed_here then now() end)
    from judged
    where verdict in ('imported', 'updated')
    on conflict (jti) do update
    set ended_at = coalesce(known.ended_at, excluded.ended_at)
    returning jti
)
select judged.id, case when verdict = 'imported' and is_changed_here then 'ended_here' else verdict end as verdict
from judged
where judged.verdict not in ('imported', 'updated') or judged.jti in (select jti from done)
