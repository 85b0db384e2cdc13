//! What each statement is explained with: values as a busy service has them.

/// The lists of parameters for the statement in `file`, as SQL: `{user}` and the like are columns of
/// `sample.sql`. A statement that does different things has several; nothing if the file is not known. What
/// a list leaves out at its end is null, as the origin of an act.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn parameters(file: &str) -> Option<&'static [&'static str]> {
    let lists: &[&str] = match file {
        "components/auth/src/change_password.sql" => {
            &["{user}, {password}, 'new hash', {session}, '{rabbitmq}', {origin}"]
        }
        "components/auth/src/delete_account.sql" => &["{user}, {password}, '{rabbitmq}', {origin}"],
        "components/auth/src/login.sql" => {
            &["{user}, {password}, {password}, '10.0.0.1', 'agent', 7776000, 2, {origin}"]
        }
        "components/auth/src/login_account.sql" => &["{email}, '10.0.0.1'"],
        "components/auth/src/register_email.sql" => &["{email}"],
        "components/auth/src/register_repeated.sql"
        | "components/users/src/push_tokens/create_repeated.sql" => {
            &["repeat('ab', 32), repeat('cd', 32)"]
        }
        "components/auth/src/register.sql" => &[
            "'new@seed.example', array['seed_user_1', 'seed_new'], 'hash', 'A', 'B', true, false, \
             'new token', '10.0.0.1', 'agent', 7776000, '{rabbitmq}', 'fcm', {origin}",
            "'new@seed.example', array['seed_user_1', 'seed_new'], 'hash', 'A', 'B', true, false, \
             {token}, '10.0.0.1', 'agent', 7776000, '{rabbitmq}', 'fcm', {origin}, true, \
             repeat('ab', 32), repeat('cd', 32)",
        ],
        "components/ops/src/health/probe.sql" | "crates/store/src/outbox/state.sql" => &[""],
        "components/ops/src/internal/sweep/audit_log.sql" => &["100, 60"],
        "components/auth/src/account_deletion/cancel.sql"
        | "components/auth/src/email_change/confirm.sql"
        | "components/auth/src/verification/confirm.sql" => {
            &["{session}, {user}, '{rabbitmq}', null"]
        }
        "components/auth/src/account_deletion/schedule.sql" => {
            &["{user}, {password}, 86400, repeat('ab', 32), 'token', '{rabbitmq}', null"]
        }
        "components/auth/src/account_tokens/find_token.sql" => &["'ab', 'password_reset'"],
        "components/auth/src/account_tokens/try_code.sql" => {
            &["'ab', 'password_reset', {email}, 5"]
        }
        "components/auth/src/account_tokens/request.sql" => &[
            "{email}, 'password_reset', repeat('ab', 32), repeat('cd', 32), 3600, 600, 'token', '123456', '{rabbitmq}', null",
        ],
        "components/auth/src/email_change/request.sql" => &[
            "{user}, {password}, 'new@seed.example', repeat('ab', 32), 3600, 'token', '{rabbitmq}', null",
        ],
        "components/auth/src/password_reset/confirm.sql" => {
            &["{session}, {user}, 'new hash', '{rabbitmq}', null"]
        }
        "components/sessions/src/sessions/end_others.sql" => &["{user}, {session}, null"],
        "components/sessions/src/sessions/list.sql" => &["{user}, 1, 10, 604800"],
        "components/users/src/activity.sql" => &["{user}, 1, 10, 1000"],
        "components/users/src/export.sql" => &["{user}, 5000, null"],
        "components/ops/src/internal/cache/warm.sql" => {
            &["'ffffffff-ffff-ffff-ffff-ffffffffffff', 500"]
        }
        "components/ops/src/internal/sweep/accounts.sql"
        | "components/ops/src/internal/sweep/push_tokens.sql" => &["100, '{rabbitmq}'"],
        "components/ops/src/internal/sweep/undeliverable_events.sql" => {
            &["100, '{rabbitmq}'", "100, '{webhook}'"]
        }
        "components/ops/src/internal/sweep/account_tokens.sql"
        | "components/ops/src/internal/sweep/dead_letters_of_erased_users.sql"
        | "components/ops/src/internal/sweep/delivery_slots.sql"
        | "components/ops/src/internal/sweep/expired_events.sql"
        | "components/ops/src/internal/sweep/idempotency_keys.sql"
        | "components/ops/src/internal/sweep/legacy_refresh_tokens.sql"
        | "components/ops/src/internal/sweep/old_dead_letters.sql"
        | "components/ops/src/internal/sweep/rate_limits.sql"
        | "components/ops/src/internal/sweep/sessions.sql"
        | "crates/store/src/outbox/dead_letters.sql" => &["100"],
        "components/services/src/delivery/facts.sql" => {
            &["{users}, array_fill('email'::text, array[500]), \
             array_fill('marketing'::text, array[500]), {users}, {service}, null"]
        }
        "components/services/src/delivery/take.sql" => {
            &["{users}, array_fill('email'::text, array[500]), \
             array_fill('marketing'::text, array[500]), array_fill('5'::text, array[500]), {users}, \
             {service}"]
        }
        "components/services/src/push_tokens/feedback.sql" => &[
            "{push_token}, null, null, '{rabbitmq}', {service}, {origin}",
            "null, {token}, null, '{rabbitmq}', {service}, {origin}",
        ],
        "components/services/src/introspect.sql" => &["{session}, {user}, null"],
        "components/services/src/revoke.sql" => &["{session}, {user}, {service}, {origin}"],
        "components/services/src/token.sql" => &["'seed', 'ab'"],
        "components/services/src/users/lookup.sql" => &["{users}, '{}'", "'{}', {emails}"],
        "components/services/src/users/push_tokens.sql" => &["{user}, 100"],
        "components/sessions/src/logout.sql" => &["{session}, {user}, {origin}"],
        "crates/api/src/audit.sql" => {
            &["{origin}, 'user', {user}, 'authn_login_failure', 'failure', {user}, '{}'"]
        }
        "crates/api/src/caller.sql" | "crates/api/src/staff.sql" => &["{session}, {user}"],
        "components/sessions/src/token_refresh.sql" => &["{session}, {user}, {generation}"],
        "components/sessions/src/token_refresh/legacy_exchange.sql" => {
            &["{legacy_token}, {user}, '10.0.0.1', 'agent', 7776000, 2, {origin}"]
        }
        "components/sessions/src/token_refresh/legacy_session.sql" => &["{legacy_token}, {user}"],
        "components/sessions/src/token_reuse.sql" => &["{session}, {user}, 0, 10, {origin}"],
        "components/users/src/preferences/update.sql" => &[
            "{user}, false, null, null, null, null, null, null, null, null, null, true, '22:00', \
             true, '07:00', 5, '{rabbitmq}'",
        ],
        "components/users/src/profile/update.sql" => &[
            "{user}, 'another name', true, '1', 'A', 'B', false, null, 'UTC', 'en', 'bio', \
             '{rabbitmq}'",
        ],
        "components/users/src/profile/update_username.sql" => &["{user}, 'seed_user_1'"],
        "components/users/src/push_tokens/create.sql" => &[
            "{user}, 'new token', 'android', null, 'device-1', 'Device', true, '{rabbitmq}', {origin}",
            "{user}, {another_token}, 'android', null, null, null, null, '{rabbitmq}', {origin}, \
             repeat('ab', 32), repeat('cd', 32)",
        ],
        "components/users/src/push_tokens/deactivate_all.sql" => &["{user}, '{rabbitmq}'"],
        "components/users/src/push_tokens/delete.sql" => &["{user}, {push_token}, '{rabbitmq}'"],
        "components/users/src/push_tokens/list.sql" => &["{user}, 1, 20, '-created_at'"],
        "components/users/src/push_tokens/update.sql" => &[
            "{user}, {push_token}, null, null, null, null, 'Device', null, '{rabbitmq}', {origin}",
            "{user}, {push_token}, {another_token}, null, null, null, null, null, '{rabbitmq}', {origin}",
        ],
        "components/users/src/push_tokens/update_token.sql" => {
            &["{user}, {push_token}, {another_token}"]
        }
        "components/users/src/push_tokens/get.sql" => &["{user}, {push_token}"],
        "components/users/src/unsubscribe/unsubscribe.sql" => {
            &["{user}, 'email marketing', '{rabbitmq}', {origin}"]
        }
        "crates/api/src/service_caller.sql" => &["{service}, {credential}, '{users:read}'"],
        "crates/store/src/outbox/claim.sql" => &[
            "'rabbitmq', null, 16, 16, 5",
            "'rabbitmq', array[{user}], 16, 16, 5",
        ],
        "crates/store/src/outbox/replay.sql" => &["null, {origin}", "{dead_letters}, {origin}"],
        "crates/store/src/outbox/settle.sql" => &["'rabbitmq', {outcomes}, 20, 0.5"],
        "crates/store/src/user_cache/untold/note.sql" => &["{user}, '[]'"],
        "crates/store/src/user_cache/untold/oldest.sql" => &["50"],
        "crates/store/src/user_cache/untold/forget.sql" => &["{users}"],
        "crates/store/src/rate_limiter.sql" => &["'login:address', 300, 10"],
        "components/auth/src/current_password.sql"
        | "crates/api/src/user_document/preferences.sql"
        | "crates/api/src/user_document/user.sql" => &["{user}"],
        _ => return parameters_of_admin(file),
    };
    Some(lists)
}

/// The same for the statements of administration.
fn parameters_of_admin(file: &str) -> Option<&'static [&'static str]> {
    let lists: &[&str] = match file {
        "components/admin/src/audit_log/list.sql" => &[
            "null, null, null, null, null, null, 10000",
            "'user_created', null, null, null, null, null, 100",
            "null, {user}, null, null, null, null, 100",
            "null, null, {user}, null, null, null, 100",
            "null, null, null, '2020-01-01T00:00:00Z', '2120-01-01T00:00:00Z', {user}, 100",
        ],
        "components/admin/src/roles.sql" => &[""],
        "components/admin/src/service_accounts/create.sql" => {
            &["null, {another_user}, 'why', 'another', '{users:read}', repeat('ab', 32)"]
        }
        "components/admin/src/service_accounts/disable.sql" => {
            &["null, {another_user}, 'why', 'seed'"]
        }
        "components/admin/src/service_accounts/list.sql" => &["null, 10", "'a', 10"],
        "components/admin/src/service_accounts/permit.sql" => {
            &["null, {another_user}, 'why', 'seed', '{users:read}'"]
        }
        "components/admin/src/service_accounts/rotate.sql" => {
            &["null, {another_user}, 'why', 'seed', repeat('ab', 32), 60"]
        }
        "components/admin/src/users/activate.sql"
        | "components/admin/src/users/deactivate.sql"
        | "components/admin/src/users/delete.sql"
        | "components/admin/src/users/verify.sql" => {
            &["{user}, null, {another_user}, 'why', '{rabbitmq}'"]
        }
        "components/admin/src/users/find.sql" => &[
            "null, null, null, null, '-created_at', 1, null, 10, 'user1%', null, null, null",
            "true, false, null, null, 'email', 1, {user}, 10, 'a%', \
             'a0000000-0000-0000-0000-000000000000', 'afffffff-ffff-ffff-ffff-ffffffffffff', null",
            "null, null, null, null, '-created_at', 1, null, 10, null, null, null, 'support'",
        ],
        "components/admin/src/users/get.sql" | "components/admin/src/users/subject.sql" => {
            &["{user}"]
        }
        "components/admin/src/users/list.sql" => &[
            "null, null, null, null, '-created_at', 1, null, 10",
            "null, null, null, null, 'created_at', 900, null, 10",
            "null, null, null, null, '-created_at', 1, {user}, 100",
            "null, null, null, null, 'email', 1, {user}, 100",
            "null, null, null, null, '-username', 1, null, 100",
            "false, null, null, null, '-created_at', 1, null, 10",
            "null, true, null, null, 'created_at', 1, null, 10",
            "true, false, '2020-01-01T00:00:00Z', '2120-01-01T00:00:00Z', '-email', 1, null, 10",
        ],
        "components/admin/src/users/require_password_reset.sql" => &[
            "{user}, null, {another_user}, 'why', repeat('ab', 32), repeat('cd', 32), 3600, 600, 'token', \
             '123456', '{rabbitmq}'",
        ],
        "components/admin/src/users/sessions/end_all.sql"
        | "components/admin/src/users/unlock.sql" => &["{user}, null, {another_user}, 'why'"],
        "components/admin/src/users/roles/grant.sql" => {
            &["{user}, null, {another_user}, 'why', 'support'"]
        }
        "components/admin/src/users/roles/revoke.sql" => {
            &["{staff}, null, {another_user}, 'why', 'support'"]
        }
        "components/admin/src/users/sessions/end_one.sql" => {
            &["{user}, null, {another_user}, 'why', {session}"]
        }
        _ => return None,
    };
    Some(lists)
}
