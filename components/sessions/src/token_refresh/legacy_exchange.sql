-- Exchanges a refresh token of the service before this one for a session. Answers no row if it was not
-- imported, or is good for nothing any more. The user's row is locked first, as by a login: whatever ends
-- his sessions comes before the exchange or after it. The oldest sessions end where there would be too many.
-- $1 the token's jti, $2 user, $3 client's address or null, $4 user agent, $5 longest life of a session in
-- seconds, $6 sessions a user may have, $7 origin
with account as (
    select id
    from users
    where id = $2 and is_active and password_reset_required_at is null
    for no key update
), exchanged as (
    update legacy_refresh_tokens as token
    set ended_at = now(), session_id = uuid_v7()
    from account
    where token.jti = $1
      and token.user_id = account.id
      and token.ended_at is null
      and token.expires_at > now()
    returning token.user_id, token.session_id
), new_session as (
    insert into sessions (id, user_id, ip, user_agent, expires_at)
    select session_id, user_id, $3::text::inet, $4, now() + make_interval(secs => $5::bigint)
    from exchanged
    returning id, user_id, generation, rotated_at
), ended as (
    select new_session.user_id, end_oldest_sessions(new_session.user_id, new_session.id, $6::bigint - 1) as id
    from new_session
), audited as (
    insert into audit_log
    select entry.*
    from new_session, audit_row(
        $7, 'user', new_session.user_id, 'session_created', 'success', new_session.user_id,
        jsonb_build_object('session_id', new_session.id, 'by', 'legacy_refresh_token')
    ) as entry
    union all
    select entry.*
    from ended, audit_row(
        $7, 'user', ended.user_id, 'session_expired', 'success', ended.user_id,
        jsonb_build_object('session_id', ended.id, 'reason', 'too_many_sessions')
    ) as entry
)
select
    id as session_id,
    generation,
    floor(extract(epoch from rotated_at))::bigint as generation_began,
    -- Most have no role: that is one look into an index, and spares the function.
    case when exists (select from user_roles where user_id = $2) then user_scope($2) else 'user' end as scope,
    array(select id::text from ended) as ended_sessions
from new_session
