-- Writes an import down in the audit trail.
-- $1 who does it, $2 what has become of how many rows, as a JSON object
insert into audit_log
select entry.*
from audit_row(
    null, 'operator', null, 'users_imported', 'success', null,
    jsonb_build_object('operator', $1::text) || $2::text::jsonb
) as entry
