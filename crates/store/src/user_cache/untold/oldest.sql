-- What Redis is to be told of.
-- $1 most of it
select id::text as id, entries::text as entries
from untold_changes
order by id
limit $1::bigint
