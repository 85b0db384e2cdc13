-- The rows of a table that were brought over, and whether they are still here.
-- $1 the table: users or push_tokens
select
    mark.id::text as id,
    exists (select from users where id = mark.id and mark.source_table = 'users')
        or exists (select from push_tokens where id = mark.id and mark.source_table = 'push_tokens') as is_here
from imported_rows as mark
where mark.source_table = $1
