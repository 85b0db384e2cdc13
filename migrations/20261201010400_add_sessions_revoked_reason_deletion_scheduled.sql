-- What ends with an account that is to be erased has a reason of its own.
alter table sessions
    drop constraint sessions_revoked_reason_check,
    add constraint sessions_revoked_reason_check check (revoked_reason in (
        'logout', 'password_changed', 'refresh_token_reused', 'too_many_sessions',
        'deactivated', 'ended_by_administrator', 'password_reset_required', 'deletion_scheduled'
    )) not valid;
