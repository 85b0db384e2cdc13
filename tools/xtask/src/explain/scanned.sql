-- How often this connection has read a table from end to end: counts that PostgreSQL has not taken from
-- it yet are among them, so only the difference says something of what lies between two looks.
select relname::text, seq_scan from pg_stat_xact_user_tables where seq_scan > 0
