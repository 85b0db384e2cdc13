-- Users whose e-mail address, user name, name or identifier begins in a way, or who have a role: of each
-- of these the first 1,000. Then as list.sql.
-- $1 active or null, $2 verified or null, $3 created since or null, $4 created before or null,
-- $5 order: [-]created_at, [-]email or [-]username, $6 page, $7 user or null, $8 users a page,
-- $9 pattern in lower case or null, $10 and $11 first and last identifier or null, $12 role or null
with found as (
    -- In an order, so that an index is used however much begins so.
    (select id from users where lower(email) like $9::text order by lower(email) using ~<~ limit 1000)
    union
    (select id from users where lower(username) like $9::text order by lower(username) using ~<~ limit 1000)
    union
    (
        select user_id
        from user_profiles
        where lower(first_name || ' ' || last_name) like $9::text
        order by lower(first_name || ' ' || last_name) using ~<~
        limit 1000
    )
    union
    (select user_id from user_profiles where lower(last_name) like $9::text order by lower(last_name) using ~<~ limit 1000)
    union
    (select id from users where id between $10::uuid and $11::uuid order by id limit 1000)
    union
    (select user_id from user_roles where $9::text is null and role = $12::text order by user_id limit 1000)
), matching as materialized (
    select account.id, account.created_at, lower(account.email) as email, lower(account.username) as username
    from found
    cross join lateral (select * from users where users.id = found.id limit 1) as account
    where ($1::boolean is null or account.is_active = $1)
      and ($2::boolean is null or account.is_verified = $2)
      and ($3::text is null or account.created_at >= $3::timestamptz)
      and ($4::text is null or account.created_at < $4::timestamptz)
      and ($12::text is null or exists (select from user_roles where user_id = account.id and role = $12::text))
), ordered as (
    select
        id,
        row_number() over (
            order by
                case $5::text when 'created_at' then created_at end,
                case $5::text when '-created_at' then created_at end desc,
                case $5::text when 'email' then email when 'username' then username end,
                case $5::text when '-email' then email when '-username' then username end desc,
                case $5::text when 'created_at' then id end,
                case $5::text when '-created_at' then id end desc
        ) as position
    from matching
), counted as (
    select count(*) as total from matching
), page as (
    select ordered.id, ordered.position - before.number as position
    from ordered, (
        select case
            when $7::uuid is not null then (select position from ordered where id = $7)
            else (select least($6::bigint, greatest((total + $8::bigint - 1) / $8::bigint, 1)) - 1 from counted) * $8::bigint
        end as number
    ) as before
    where ordered.position > before.number and ordered.position <= before.number + $8::bigint + 1
)
select
    (select total from counted) as total,
    $7::uuid is null or exists (select from ordered where id = $7) as is_place_known,
    exists (select from page where position > $8::bigint) as has_more,
    '[' || coalesce(
        (
            select string_agg(admin_user_document(account, profile)::text, ',' order by page.position)
            from page
            join users as account on account.id = page.id
            join user_profiles as profile on profile.user_id = page.id
            where page.position <= $8::bigint
        ),
        ''
    ) || ']' as documents
