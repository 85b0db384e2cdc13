-- The user objects of those who are asked for, in their order, and who of them is missing.
-- $1 users as text, $2 e-mail addresses in lower case; one of the two is empty
with asked as (
    select name, position
    from unnest($1::text[] || $2::text[]) with ordinality as asked (name, position)
), matched as (
    select asked.position, account.id
    from unnest($1::text[]) with ordinality as asked (id, position)
    join users as account on account.id = asked.id::uuid
    union all
    select asked.position, account.id
    from unnest($2::text[]) with ordinality as asked (email, position)
    join users as account on lower(account.email) = asked.email
), found as (
    select
        matched.position,
        user_document(
            account,
            profile,
            preferences,
            (select count(*) from push_tokens where user_id = account.id and is_active)
        )::text as document
    from matched
    join users as account on account.id = matched.id
    join user_profiles as profile on profile.user_id = account.id
    join notification_preferences as preferences on preferences.user_id = account.id
)
select
    '[' || coalesce((select string_agg(document, ',' order by position) from found), '') || ']' as users,
    array(
        select name from asked
        where position not in (select position from found)
        order by position
    ) as missing
