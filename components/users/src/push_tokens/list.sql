-- One page of the user's push tokens, and his version; a page beyond the end is the last page.
-- $1 user, $2 page, $3 tokens a page, $4 order: [-]created_at, [-]last_used or [-]platform
with counted as (
    select count(*) as total from push_tokens where user_id = $1
), page as (
    select
        push_token_document(push_token)::text as document,
        row_number() over (
            order by
                case $4::text when 'created_at' then push_token.created_at when 'last_used' then push_token.last_used end,
                case $4::text when '-created_at' then push_token.created_at when '-last_used' then push_token.last_used end desc,
                case $4::text when 'platform' then push_token.platform end,
                case $4::text when '-platform' then push_token.platform end desc,
                push_token.id desc
        ) as position
    from push_tokens as push_token
    where push_token.user_id = $1
    order by position
    limit $3::bigint
    offset (select least($2::bigint, greatest((total + $3::bigint - 1) / $3::bigint, 1)) - 1 from counted) * $3::bigint
)
select
    (select total from counted) as total,
    '[' || coalesce((select string_agg(document, ',' order by position) from page), '') || ']' as documents,
    (select version from users where id = $1) as version
