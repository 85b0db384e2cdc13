-- Everything that is known of a user, with a manifest that says what there is. Secrets are left out, as
-- it says, too.
-- $1 user, $2 most entries of a part, $3 origin
with audited as (
    insert into audit_log
    select entry.*
    from users, audit_row(
        $3, 'user', users.id, 'sensitive_read', 'success', users.id, '{"object": "export"}'
    ) as entry
    where users.id = $1
), part as (
    select
        'push_tokens' as name,
        'Your devices, without the tokens themselves' as description,
        (
            select coalesce(json_agg(push_token_document(push_token) order by push_token.id), '[]')
            from (select * from push_tokens where user_id = $1 order by id desc limit $2::bigint) as push_token
        ) as entries
    union all
    select
        'sessions',
        'Where you are or were signed in, as far as it is kept',
        (
            select coalesce(json_agg(json_build_object(
                'id', session.id,
                'ip_address', host(session.ip),
                'user_agent', session.user_agent,
                'created_at', iso8601(session.created_at),
                'last_seen', iso8601(session.last_used_at),
                'expires_at', iso8601(session.expires_at),
                'ended_at', iso8601(session.revoked_at),
                'ended_by', session.revoked_reason
            ) order by session.created_at), '[]')
            from (
                select * from sessions where user_id = $1 order by created_at desc limit $2::bigint
            ) as session
        )
    union all
    select
        'legacy_refresh_tokens',
        'Where you were signed in with the service before this one, as far as it can go on here',
        (
            select coalesce(json_agg(json_build_object(
                'expires_at', iso8601(token.expires_at),
                'ended_at', iso8601(token.ended_at),
                'session_id', token.session_id
            ) order by token.expires_at), '[]')
            from (
                select * from legacy_refresh_tokens where user_id = $1 order by expires_at desc limit $2::bigint
            ) as token
        )
    union all
    select
        'roles',
        'What you may do beyond your own account, and since when',
        (
            select coalesce(json_agg(json_build_object(
                'role', granted.role,
                'description', role.description,
                'granted_at', iso8601(granted.granted_at)
            ) order by granted.granted_at, granted.role), '[]')
            from user_roles as granted
            join roles as role on role.name = granted.role
            where granted.user_id = $1
        )
    union all
    select
        'messages',
        'Messages to your address that you can still use, without what is secret in them',
        (
            select coalesce(json_agg(json_build_object(
                'purpose', token.purpose,
                'email', token.email,
                'created_at', iso8601(token.created_at),
                'expires_at', iso8601(token.expires_at)
            ) order by token.created_at), '[]')
            from account_tokens as token
            where token.user_id = $1 and token.expires_at > now()
        )
    union all
    select
        'deliveries',
        'Notifications of the last two days, as they are counted for your limit',
        (
            select coalesce(json_agg(json_build_object(
                'channel', slot.channel,
                'category', slot.category,
                'taken_at', iso8601(slot.taken_at)
            ) order by slot.taken_at), '[]')
            from (
                select * from delivery_slots where user_id = $1 order by taken_at desc limit $2::bigint
            ) as slot
        )
    union all
    select
        'activity',
        'What was done to your account, by whom and from where',
        (
            select coalesce(json_agg(json_build_object(
                'id', entry.id,
                'action', act.action,
                'outcome', act.outcome,
                'by', act.by,
                'ip_address', act.ip_address,
                'user_agent', act.user_agent,
                'details', act.details,
                'occurred_at', iso8601(entry.occurred_at)
            ) order by entry.id), '[]')
            from (
                select id, occurred_at, audit_log as row
                from audit_log
                where subject_id = $1
                order by id desc
                limit $2::bigint
            ) as entry, account_activity(entry.row) as act
        )
), parts as (
    select
        json_agg(json_build_object(
            'name', name,
            'description', description,
            'entries', json_array_length(entries),
            'is_complete', json_array_length(entries) < $2::bigint
        )) as manifest,
        json_object_agg(name, entries) as data
    from part
)
select json_build_object(
    'manifest', json_build_object(
        'format', 'user-service-export',
        'version', 1,
        'user_id', account.id,
        'generated_at', iso8601(now()),
        'objects', json_build_array(
            json_build_object('name', 'account', 'description', 'Your account'),
            json_build_object('name', 'profile', 'description', 'What you say of yourself'),
            json_build_object('name', 'preferences', 'description', 'How you want to be notified')
        ),
        'lists', parts.manifest,
        'withheld', json_build_array(
            'The hash of your password',
            'The push tokens themselves, which your devices have',
            'Tokens and codes that were sent to you'
        )
    ),
    'account', json_build_object(
        'id', account.id,
        'email', account.email,
        'username', account.username,
        'first_name', account.first_name,
        'last_name', account.last_name,
        'phone_number', account.phone_number,
        'is_verified', account.is_verified,
        'is_active', account.is_active,
        'is_staff', account.is_staff,
        'is_superuser', account.is_superuser,
        'date_joined', iso8601(account.date_joined),
        'created_at', iso8601(account.created_at),
        'updated_at', iso8601(account.updated_at),
        'erase_at', iso8601(account.erase_at),
        'password_reset_required_at', iso8601(account.password_reset_required_at),
        'last_login', iso8601(account.last_login),
        'last_login_ip', host(account.last_login_ip)
    ),
    'profile', profile_document(profile, account.username),
    'preferences', preferences_document(preferences),
    'lists', parts.data
)::text as document
from users as account
join user_profiles as profile on profile.user_id = account.id
join notification_preferences as preferences on preferences.user_id = account.id
cross join parts
where account.id = $1
