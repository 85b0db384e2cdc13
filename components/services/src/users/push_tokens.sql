-- The active push tokens of a user with their values, last used first. Answers no row if there is no
-- such user.
-- $1 user, $2 most push tokens
select coalesce(
    (
        select json_agg(document)
        from (
            select
                push_token.id,
                push_token.token,
                push_token.token_type,
                push_token.platform,
                push_token.device_id,
                push_token.device_name,
                push_token.is_active,
                iso8601(push_token.last_used) as last_used,
                iso8601(push_token.created_at) as created_at,
                iso8601(push_token.updated_at) as updated_at
            from push_tokens as push_token
            where push_token.user_id = account.id and push_token.is_active
            order by push_token.last_used desc, push_token.id desc
            limit $2::bigint
        ) as document
    ),
    '[]'
)::text as documents
from users as account
where account.id = $1
