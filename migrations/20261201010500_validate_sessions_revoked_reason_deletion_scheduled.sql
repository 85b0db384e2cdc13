-- All sessions have one of the reasons that there were before.
alter table sessions validate constraint sessions_revoked_reason_check;
