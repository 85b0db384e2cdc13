-- Removes what Redis was told of.
-- $1 identifiers
delete from untold_changes where id = any($1::text[]::uuid[])
