-- Takes a slot for each of these messages, as far as there are any. Answers, in the order of the
-- requests, which of them have got one; a user who has gone meanwhile has none.
-- For each request, in arrays: $1 user, $2 channel, $3 category, $4 most slots, $5 idempotency key
-- or ''. Then $6 the service account that asks
with request as (
    select user_id::uuid as user_id, channel, category, most::bigint as most, nullif(key, '') as key, position
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) with ordinality
        as request (user_id, channel, category, most, key, position)
), known as materialized (
    -- Locked, so that nobody is erased between here and his slot.
    select id from users where id in (select user_id from request) order by id for key share
), ordered as materialized (
    select request.*
    from request
    join known on known.id = request.user_id
    -- In one order, so that two batches don't wait for each other.
    order by request.user_id, request.channel, request.position
), taken as materialized (
    select position, take_delivery_slot(user_id, channel, category, most, $6, key) is true as is_taken
    from ordered
)
select coalesce(taken.is_taken, false) as is_taken
from request
left join taken on taken.position = request.position
order by request.position
