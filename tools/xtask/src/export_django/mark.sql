-- Notes that what was changed here is in the old service, too: the next import takes it from there, unless it was
-- changed here again, and the next export removes it there once it is removed here.
-- $1 since when, $2 until when
with changed as (
    select
        'users' as source_table,
        account.id,
        greatest(account.updated_at, profile.updated_at, preferences.updated_at) as updated_at
    from users as account
    join user_profiles as profile on profile.user_id = account.id
    join notification_preferences as preferences on preferences.user_id = account.id
    union all
    select 'push_tokens', id, updated_at from push_tokens
)
insert into imported_rows (source_table, id, digest, updated_at)
-- The digest of no row.
select source_table, id, decode(repeat('00', 32), 'hex'), updated_at
from changed
where updated_at between $1::text::timestamptz and $2::text::timestamptz
on conflict (source_table, id) do update
set digest = excluded.digest, updated_at = excluded.updated_at
