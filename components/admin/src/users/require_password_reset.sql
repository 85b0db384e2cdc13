-- Has a user reset his password before he signs in again, and ends his sessions. Nobody sets one for him.
-- $1 user, $2 origin, $3 who does it, $4 why
with marked as (
    update users
    set password_reset_required_at = now(), updated_at = now(), version = version + 1
    where id = $1
    returning id, version
), ended as (
    select end_sessions(marked.id, 'password_reset_required') as id from marked
), number as (
    select count(*) as ended from ended
), audited as (
    insert into audit_log
    select entry.*
    from marked, number, audit_row(
        $2, 'user', $3, 'authn_password_reset_required', 'success', marked.id,
        jsonb_build_object('reason', $4::text, 'ended_sessions', number.ended)
    ) as entry
)
select version, array(select id::text from ended) as ended_sessions from marked
