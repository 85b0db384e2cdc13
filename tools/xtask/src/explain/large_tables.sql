-- The tables with more rows than $1, as PostgreSQL has counted them last.
select relname::text
from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples > $1::float4
order by relname
