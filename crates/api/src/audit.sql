-- Adds a row to the audit trail, for an act that has no statement of its own.
-- $1 origin, $2 kind of actor, $3 actor or null, $4 action, $5 outcome, $6 subject or null, $7 details
insert into audit_log
select entry.* from audit_row($1, $2, $3, $4, $5, $6, $7::text::jsonb) as entry
