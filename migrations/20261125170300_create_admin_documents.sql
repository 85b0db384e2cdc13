-- The objects of /api/v1/admin, as administrators see them.

create function admin_user_document(account users, profile user_profiles) returns json
language sql stable
as $$
    select json_build_object(
        'id', account.id,
        'email', account.email,
        'username', account.username,
        'full_name', profile_document(profile, account.username) -> 'full_name',
        'phone_number', account.phone_number,
        'is_active', account.is_active,
        'is_verified', account.is_verified,
        'is_password_reset_required', account.password_reset_required_at is not null,
        'roles', array(select role from user_roles where user_id = account.id order by role),
        'created_at', iso8601(account.created_at),
        'updated_at', iso8601(account.updated_at),
        'last_login', iso8601(account.last_login),
        'last_login_address', host(account.last_login_ip)
    )
$$;

create function admin_session_document(session sessions) returns json
language sql stable
as $$
    select json_build_object(
        'id', session.id,
        'created_at', iso8601(session.created_at),
        'last_used_at', iso8601(session.last_used_at),
        'expires_at', iso8601(session.expires_at),
        'address', host(session.ip),
        'user_agent', session.user_agent,
        'is_live', session.revoked_at is null and session.expires_at > now(),
        'revoked_at', iso8601(session.revoked_at),
        'revoked_reason', session.revoked_reason
    )
$$;

create function admin_service_account_document(account service_accounts) returns json
language sql stable
as $$
    select json_build_object(
        'id', account.id,
        'name', account.name,
        'permissions', account.permissions,
        'created_at', iso8601(account.created_at),
        'disabled_at', iso8601(account.disabled_at),
        'secrets', (
            select count(*)
            from service_credentials as credential
            where credential.service_account_id = account.id
              and credential.revoked_at is null
              and (credential.expires_at is null or credential.expires_at > now())
        )
    )
$$;

create function admin_audit_document(entry audit_log) returns json
language sql stable
as $$
    select json_build_object(
        'id', entry.id,
        'occurred_at', iso8601(entry.occurred_at),
        'action', entry.action,
        'outcome', entry.outcome,
        'actor_kind', entry.actor_kind,
        'actor_id', entry.actor_id,
        'subject_id', entry.subject_id,
        'client_address', host(entry.client_address),
        'user_agent', entry.user_agent,
        'request_id', entry.request_id,
        'details', entry.details
    )
$$;
