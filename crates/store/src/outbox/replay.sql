-- Makes dead letters events to deliver again.
-- $1 the events, or null for all of them, $2 origin, $3 who does it or null, $4 why or null
with replayed as (
    update outbox
    set dead_at = null, refusals = 0
    where dead_at is not null and ($1::text[] is null or id = any($1::text[]::uuid[]))
    returning destination, user_id
), stream as (
    insert into outbox_streams (destination, user_id)
    select distinct destination, user_id
    from replayed
    order by destination, user_id
    on conflict (destination, user_id) do update set additions = outbox_streams.additions + 1
), number as (
    select count(*) as replayed from replayed
), audited as (
    insert into audit_log
    select entry.*
    from number, audit_row(
        $2, case when $3::uuid is null then 'operator' else 'user' end, $3, 'dead_letters_replayed', 'success', null,
        jsonb_strip_nulls(jsonb_build_object('replayed', number.replayed, 'reason', $4::text))
    ) as entry
)
select replayed from number
