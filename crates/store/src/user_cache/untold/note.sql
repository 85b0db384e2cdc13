-- Notes what Redis could not be told of, and removes a few notes that are older than anything in Redis.
-- $1 user, $2 entries
with removed as (
    delete from untold_changes
    where id in (
        select id from untold_changes
        where id < uuid_v7_at(now() - interval '2 days')
        order by id
        limit 10
        for update skip locked
    )
)
insert into untold_changes (user_id, entries) values ($1, $2::text::json)
returning id::text as id
