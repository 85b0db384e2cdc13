-- Takes a slot for each of these messages, as far as there are any. Answers, in the order of the
-- requests, which of them have got one.
-- For each request, in arrays: $1 user, $2 channel, $3 category, $4 most slots, $5 idempotency key
-- or ''. Then $6 the service account that asks
with request as (
    select user_id::uuid as user_id, channel, category, most::bigint as most, nullif(key, '') as key, position
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) with ordinality
        as request (user_id, channel, category, most, key, position)
    -- In one order, so that two batches don't wait for each other.
    order by user_id, channel, position
), taken as materialized (
    select position, take_delivery_slot(user_id, channel, category, most, $6, key) is true as is_taken
    from request
)
select is_taken from taken order by position
