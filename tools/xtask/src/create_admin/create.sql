-- Makes the account of an administrator, with its profile and preferences. Answers no row if all the
-- user names are taken.
-- $1 e-mail in lower case, $2 user names in the order of trying, $3 password hash, $4 who does it
with new_user as (
    insert into users (email, username, password, is_verified)
    select $1, candidate, $3, true
    from unnest($2::text[]) with ordinality as candidates (candidate, position)
    where not exists (select from users where lower(username) = lower(candidate))
    order by position
    limit 1
    returning id
), new_profile as (
    insert into user_profiles (user_id) select id from new_user
), new_preferences as (
    insert into notification_preferences (user_id) select id from new_user
), granted as (
    insert into user_roles (user_id, role)
    select id, 'admin' from new_user
    returning user_id, role
), audited as (
    insert into audit_log
    select entry.*
    from granted, audit_row(
        null, 'operator', null, 'user_created', 'success', granted.user_id,
        jsonb_build_object('operator', $4::text)
    ) as entry
    union all
    select entry.*
    from granted, audit_row(
        null, 'operator', null, 'authz_change', 'success', granted.user_id,
        jsonb_build_object('operator', $4::text, 'granted', granted.role)
    ) as entry
)
select user_id from granted
