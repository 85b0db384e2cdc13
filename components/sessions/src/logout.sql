-- Ends a session of the user; ended again, it stays as it was. Answers a row if it is his.
-- $1 session, $2 user
update sessions
set revoked_at = coalesce(revoked_at, now()), revoked_reason = coalesce(revoked_reason, 'logout')
where id = $1 and user_id = $2
returning id
