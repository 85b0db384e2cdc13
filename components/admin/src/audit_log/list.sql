-- Rows of the audit trail, the newest first, in front of a row. One a line, as NDJSON has it.
-- $1 action or null, $2 actor or null, $3 subject or null, $4 since or null, $5 until or null, $6 row or
-- null, $7 rows
with page as (
    select found.row, row_number() over () as position
    from (
        select entry as row
        from audit_log as entry
        where ($1::text is null or entry.action = $1)
          and ($2::uuid is null or entry.actor_id = $2)
          and ($3::uuid is null or entry.subject_id = $3)
          and ($4::text is null or entry.id >= uuid_v7_at($4::timestamptz))
          and ($5::text is null or entry.id < uuid_v7_at($5::timestamptz))
          and ($6::uuid is null or entry.id < $6)
        order by entry.id desc
        limit $7::bigint + 1
    ) as found
)
select
    exists (select from page where position > $7::bigint) as has_more,
    coalesce(
        (
            select string_agg(admin_audit_document(row)::text, E'\n' order by position)
            from page
            where position <= $7::bigint
        ),
        ''
    ) as lines
