-- Users in an order, a page at a time: the page $6, or what comes behind the user $7. The total is
-- counted as far as pages go, to 10,000.
-- $1 active or null, $2 verified or null, $3 created since or null, $4 created before or null,
-- $5 order: [-]created_at, [-]email or [-]username, $6 page, $7 user or null, $8 users a page
with counted as (
    select count(*) as total
    from (
        select
        from users as account
        where ($1::boolean is null or account.is_active = $1)
          and ($2::boolean is null or account.is_verified = $2)
          and ($3::text is null or account.created_at >= $3::timestamptz)
          and ($4::text is null or account.created_at < $4::timestamptz)
        -- So that an index is used, however many rows there are.
        order by account.created_at
        limit 10000
    ) as listed
), page as (
    select found.row, row_number() over () as position
    from (
        select account as row
        from users as account
        where ($1::boolean is null or account.is_active = $1)
          and ($2::boolean is null or account.is_verified = $2)
          and ($3::text is null or account.created_at >= $3::timestamptz)
          and ($4::text is null or account.created_at < $4::timestamptz)
          and case when $7::uuid is null then true else case $5::text
              when 'created_at' then (account.created_at, account.id) > ((select created_at from users where id = $7), $7)
              when '-created_at' then (account.created_at, account.id) < ((select created_at from users where id = $7), $7)
              when 'email' then lower(account.email) > (select lower(email) from users where id = $7)
              when '-email' then lower(account.email) < (select lower(email) from users where id = $7)
              when 'username' then lower(account.username) > (select lower(username) from users where id = $7)
              when '-username' then lower(account.username) < (select lower(username) from users where id = $7)
          end end
        order by
            case $5::text when 'created_at' then account.created_at end,
            case $5::text when '-created_at' then account.created_at end desc,
            case $5::text when 'email' then lower(account.email) when 'username' then lower(account.username) end,
            case $5::text when '-email' then lower(account.email) when '-username' then lower(account.username) end desc,
            case $5::text when 'created_at' then account.id end,
            case $5::text when '-created_at' then account.id end desc
        limit $8::bigint + 1
        offset case
            when $7::uuid is null
            then (select least($6::bigint, greatest((total + $8::bigint - 1) / $8::bigint, 1)) - 1 from counted) * $8::bigint
            else 0
        end
    ) as found
)
select
    (select total from counted) as total,
    $7::uuid is null or exists (select from users where id = $7) as is_place_known,
    exists (select from page where position > $8::bigint) as has_more,
    '[' || coalesce(
        (
            select string_agg(admin_user_document(row, profile)::text, ',' order by position)
            from page
            join user_profiles as profile on profile.user_id = (page.row).id
            where position <= $8::bigint
        ),
        ''
    ) || ']' as documents
