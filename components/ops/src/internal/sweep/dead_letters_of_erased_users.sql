-- Removes dead letters that became such after their user's erasure, which took the others along. Those
-- that tell of the erasure itself stay for 30 days: whoever gets them has to erase, too.
-- $1 most of them
with removed as (
    delete from outbox
    where (id, destination) in (
        select id, destination from outbox
        where dead_at is not null
          and (type <> 'user.deleted' or dead_at < now() - interval '30 days')
          and not exists (select from users where users.id = outbox.user_id)
        limit $1::bigint
        for update skip locked
    )
    returning id
)
select count(*) as number from removed
