-- The push tokens that were changed since a moment, in the order of their identifiers. The old service allows a
-- user one without a device identifier on each platform: where there are more, they get one.
-- $1 the last one that is known, $2 how many at most, $3 since when
select
    push_token.id::text as id,
    (
        to_jsonb(push_token) || jsonb_build_object(
            'device_id',
            case
                when push_token.device_id = '' and exists (
                    select
                    from push_tokens as other
                    where other.user_id = push_token.user_id
                      and other.platform = push_token.platform
                      and other.device_id = ''
                      and other.id <> push_token.id
                ) then push_token.id::text
                else push_token.device_id
            end
        )
    )::text as content
from push_tokens as push_token
where push_token.id > $1::text::uuid and push_token.updated_at >= $3::text::timestamptz
order by push_token.id
limit $2
