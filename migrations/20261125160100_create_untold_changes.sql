-- What Redis could not be told of: documents that are out of date, and sessions that have ended. Whoever
-- has found Redis away, or has just begun to use it, tells it these first, and only then believes it.
create table untold_changes (
    -- The order of the identifiers is that of the changes.
    id uuid primary key default uuid_v7(),
    -- No foreign key: the end of an erased user's sessions is to be told, too.
    user_id uuid not null,
    -- As the cache keeps them: [{"key": ..., "arguments": [kind, version, milliseconds, ""]}]
    entries json not null
);
