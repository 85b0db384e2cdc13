-- What decisions have to know of the users that they are about: a row for each request, in their
-- order. A slot counts for a day.
-- For each request, in arrays: $1 user, $2 channel, $3 category, $4 idempotency key or ''. Then $5 the
-- service account that asks, $6 the time in microseconds since 1970 or null for now
with clock as (
    select coalesce(timestamptz 'epoch' + $6::bigint * interval '1 microsecond', now()) as now
), request as (
    select user_id::uuid as user_id, channel, category, key, position
    from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality
        as request (user_id, channel, category, key, position)
)
select
    (extract(epoch from clock.now) * 1000000)::bigint as now,
    account.id is not null as is_known,
    coalesce(account.is_active and account.erase_at is null, false) as is_active,
    coalesce(case request.channel when 'email' then preferences.email_enabled else preferences.push_enabled end, false)
        as channel_enabled,
    coalesce(
        case request.channel || ' ' || request.category
            when 'email marketing' then preferences.email_marketing
            when 'email transactional' then preferences.email_transactional
            when 'email security' then preferences.email_security
            when 'email system' then preferences.email_system
            when 'push marketing' then preferences.push_marketing
            when 'push transactional' then preferences.push_transactional
            when 'push security' then preferences.push_security
            when 'push system' then preferences.push_system
        end,
        false
    ) as category_enabled,
    iso8601(preferences.do_not_disturb_start) as do_not_disturb_start,
    iso8601(preferences.do_not_disturb_end) as do_not_disturb_end,
    coalesce(profile.timezone, 'UTC') as timezone,
    coalesce(preferences.frequency_limit, 0)::bigint as frequency_limit,
    slots.taken as slots_taken,
    (
        select (extract(epoch from taken_at + interval '1 day') * 1000000)::bigint
        from delivery_slots
        where user_id = request.user_id
          and channel = request.channel
          and taken_at > clock.now - interval '1 day'
          and taken_at <= clock.now
          and slots.taken >= preferences.frequency_limit
        order by taken_at
        offset greatest(slots.taken - preferences.frequency_limit, 0)
        limit 1
    ) as next_slot_at,
    repeated.id is not null as is_repeated,
    coalesce(
        repeated.user_id = request.user_id
        and repeated.channel = request.channel
        and repeated.category = request.category,
        true
    ) as is_same_request
from clock
cross join request
left join users as account on account.id = request.user_id
left join user_profiles as profile on profile.user_id = account.id
left join notification_preferences as preferences on preferences.user_id = account.id
left join delivery_slots as repeated
    on repeated.service_account_id = $5 and repeated.idempotency_key = nullif(request.key, '')
cross join lateral (
    select count(*) as taken
    from delivery_slots
    where user_id = request.user_id
      and channel = request.channel
      and taken_at > clock.now - interval '1 day'
      and taken_at <= clock.now
) as slots
order by request.position
