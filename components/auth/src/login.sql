-- Signs a user in whose password was verified: a new session, the time and place of the login, and the
-- new hash if the old one was outdated. Answers no row if the password was changed meanwhile, the
-- account was closed, or its password has to be reset. The oldest sessions end where there would be too
-- many. An account that was to be erased stays.
-- $1 user, $2 the hash that was verified, $3 the hash to store, $4 client's address or null,
-- $5 user agent, $6 longest life of a session in seconds, $7 sessions a user may have, $8 origin,
-- $9 whether the account was to be erased when its password was verified, $10 destinations of events
with signed_in as (
    update users as account
    set password = $3,
        last_login = now(),
        last_login_ip = coalesce($4::text::inet, account.last_login_ip),
        erase_at = null,
        version = account.version + 1
    where account.id = $1
      and account.password = $2
      and account.is_active
      and (account.erase_at is not null) = $9
      and account.password_reset_required_at is null
    returning account.id, account as row
), new_session as (
    insert into sessions (user_id, ip, user_agent, expires_at)
    select id, $4::text::inet, $5, now() + make_interval(secs => $6::bigint) from signed_in
    returning id, rotated_at
), ended as (
    select end_oldest_sessions(signed_in.id, new_session.id, $7::bigint - 1) as id
    from signed_in, new_session
), kept as (
    delete from account_tokens as token
    using signed_in
    where token.user_id = signed_in.id and token.purpose = 'deletion_cancel' and $9
), event as (
    insert into outbox (id, destination, user_id, sequence, type, data)
    select event.*
    from signed_in, outbox_rows(
        $10, signed_in.id, (signed_in.row).version, 'user.deletion_cancelled',
        json_build_object('user', event_user(signed_in.row))
    ) as event
    where $9
), audited as (
    insert into audit_log
    select entry.*
    from signed_in, audit_row(
        $8, 'user', signed_in.id, 'user_restored', 'success', signed_in.id, '{"by": "login"}'
    ) as entry
    where $9
    union all
    select entry.*
    from signed_in, new_session, audit_row(
        $8, 'user', signed_in.id, 'authn_login_success', 'success', signed_in.id,
        jsonb_build_object('session_id', new_session.id)
    ) as entry
    union all
    select entry.*
    from signed_in, ended, audit_row(
        $8, 'user', signed_in.id, 'session_expired', 'success', signed_in.id,
        jsonb_build_object('session_id', ended.id, 'reason', 'too_many_sessions')
    ) as entry
)
select
    signed_in.id as user_id,
    (signed_in.row).version as version,
    user_document(
        signed_in.row,
        profile,
        preferences,
        (select count(*) from push_tokens where user_id = signed_in.id and is_active)
    )::text as user_document,
    preferences_document(preferences)::text as preferences_document,
    -- False if a change came between the snapshot, from which the parts are, and our own.
    (select version from users where id = $1) + 1 = (signed_in.row).version as documents_are_current,
    new_session.id as session_id,
    0::bigint as generation,
    floor(extract(epoch from new_session.rotated_at))::bigint as generation_began,
    -- Most have no role: that is one look into an index, and spares the function.
    case when exists (select from user_roles where user_id = signed_in.id) then user_scope(signed_in.id) else 'user' end as scope,
    array(select id::text from ended) as ended_sessions
from signed_in
join user_profiles as profile on profile.user_id = signed_in.id
join notification_preferences as preferences on preferences.user_id = signed_in.id
cross join new_session
