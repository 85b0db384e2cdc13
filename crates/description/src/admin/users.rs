//! `/api/v1/admin/users` and what is below.

use domain::{ErrorCode, RoleName, StaffPermission, UserOrder, UserSearch};
use serde_json::{Value, json};

use super::{done, operation, reason, with_reason};
use crate::answer::Answer;
use crate::body::Body;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{
    Field, Schema, boolean, email, field, list, object, optional, reference, string, text,
    text_not_blank, timestamp, uuid, words,
};
use crate::schemas::user;

const USERS: &str = "/api/v1/admin/users";
const ONE: &str = "/api/v1/admin/users/{id}";
const ROLE: &str = "/api/v1/admin/users/{id}/roles/{role}";

/// Its operations.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        show_all(),
        get(),
        act(
            "post",
            "/api/v1/admin/users/{id}/activate",
            "activateUser",
            StaffPermission::UsersActivate,
        )
        .says(
            "Let a user sign in again",
            "What is so already is answered the same.",
        )
        .answers(done("He may.", "User activated successfully")),
        act(
            "post",
            "/api/v1/admin/users/{id}/deactivate",
            "deactivateUser",
            StaffPermission::UsersActivate,
        )
        .says("Keep a user from signing in", "His sessions end at once.")
        .refuses(&[ErrorCode::LastAdministrator])
        .answers(done("He may not.", "User deactivated successfully")),
        act(
            "post",
            "/api/v1/admin/users/{id}/verify",
            "verifyUser",
            StaffPermission::UsersVerify,
        )
        .says(
            "Mark a user's address as verified",
            "What is so already is answered the same.",
        )
        .answers(done("It is marked.", "User verified successfully")),
        unlock(),
        act(
            "post",
            "/api/v1/admin/users/{id}/require-password-reset",
            "requirePasswordReset",
            StaffPermission::PasswordsReset,
        )
        .says(
            "Have a user reset his password",
            "Before he signs in again; his sessions end at once. Nobody sets a password for him.",
        )
        .answers(done("He has to.", "Password reset required successfully")),
        act(
            "delete",
            "/api/v1/admin/users/{id}/sessions",
            "endSessionsOfUser",
            StaffPermission::SessionsEnd,
        )
        .says("End all sessions of a user", "At once.")
        .answers(done("They have ended.", "Sessions ended successfully")),
        act(
            "delete",
            "/api/v1/admin/users/{id}/sessions/{session}",
            "endSessionOfUser",
            StaffPermission::SessionsEnd,
        )
        .path_parameter("session", uuid(), examples::SESSION_ID, "Which session.")
        .says("End a session of a user", "At once.")
        .answers(done("It has ended.", "Session ended successfully")),
        role("put", "grantRole")
            .says(
                "Grant a role to a user",
                "It counts at once. What is so already is answered the same.",
            )
            .answers(done("He has it.", "Role granted successfully")),
        role("delete", "revokeRole")
            .says(
                "Take a role from a user",
                "It counts at once. What is so already is answered the same.",
            )
            .refuses(&[ErrorCode::LastAdministrator])
            .answers(done("He has it no more.", "Role revoked successfully")),
        act("delete", ONE, "deleteUser", StaffPermission::UsersDelete)
            .says("Erase an account", "With all that belongs to it.")
            .refuses(&[ErrorCode::LastAdministrator])
            .answers(done("It is erased.", "User deleted successfully")),
    ]
}

fn show_all() -> Operation {
    let moment = || string().with("format", "date-time");
    let role = text_not_blank(RoleName::LONGEST);
    let fields: Vec<Field> = account_fields().into_iter().map(Field::left_out).collect();
    let names = account_fields();
    operation("get", USERS, "listUsers", StaffPermission::UsersRead)
        .says(
            "Users, in pages",
            "All of them, or those that are searched for. Pages reach as far as the first 10,000 users, and `meta.total` counts no \
             further; `after` goes on behind a user, however far. Without `admin:personal:read` the telephone number and the network \
             address are left out.",
        )
        .query(
            "search",
            text_not_blank(UserSearch::LONGEST),
            "ada",
            "How the e-mail address, the user name, the whole or the last name, or the identifier begins.",
        )
        .query("active", boolean(), true, "Only who may sign in, or may not.")
        .query("verified", boolean(), true, "Only whose address is verified, or is not.")
        .query("role", role, "support", "Only who has it.")
        .query("created_since", moment(), examples::TIMESTAMP, "Only who registered then or later.")
        .query("created_before", moment(), examples::TIMESTAMP, "Only who registered before.")
        .query(
            "order",
            words(UserOrder::ALL).default(UserOrder::ALL[0]),
            "email",
            "By which column, with a minus for the largest first.",
        )
        .query("after", uuid(), examples::USER_ID, "Behind which user, instead of `page`.")
        .paged()
        .fields(&names)
        .answers(
            Answer::new(
                200,
                "A page of users, or of those of their fields that were asked for.",
                "Users retrieved successfully",
                list(object(fields)),
                json!([account_example()]),
            )
            .list(),
        )
}

fn get() -> Operation {
    let mut fields: Vec<Field> = account_fields()
        .into_iter()
        .map(|field| {
            if is_personal(field.name) {
                field.left_out()
            } else {
                field
            }
        })
        .collect();
    let sessions = list(session()).with("maxItems", 100);
    let devices = list(reference("PushToken")).with("maxItems", 100);
    fields.extend([
        optional(
            "profile",
            reference("Profile"),
            "With `admin:personal:read`.",
        ),
        field("sessions", sessions, "The latest 100."),
        field("push_tokens", devices, "The latest 100 devices."),
    ]);
    let mut example = account_example();
    example["profile"] = examples::profile();
    example["sessions"] = json!([session_example()]);
    example["push_tokens"] = json!([examples::push_token()]);
    operation("get", ONE, "getUser", StaffPermission::UsersRead)
        .path_parameter("id", uuid(), examples::USER_ID, "Which user.")
        .says(
            "One user with his sessions and devices",
            "Without `admin:personal:read` the telephone number, the profile, network addresses and what clients call themselves are left \
             out.",
        )
        .answers(Answer::new(
            200,
            "The user.",
            "User retrieved successfully",
            object(fields),
            example,
        ))
}

fn unlock() -> Operation {
    let complete = field(
        "complete",
        boolean(),
        "Whether all counts are forgotten; without Redis those that it has end with their windows.",
    );
    act(
        "post",
        "/api/v1/admin/users/{id}/unlock",
        "unlockUser",
        StaffPermission::UsersUnlock,
    )
    .says(
        "Forget a user's attempts to sign in",
        "And to change his password, so that he may try again at once.",
    )
    .answers(Answer::new(
        200,
        "They are forgotten.",
        "User unlocked successfully",
        object([complete]),
        json!({"complete": true}),
    ))
}

fn role(method: &'static str, id: &'static str) -> Operation {
    let name = text(RoleName::LONGEST).with("pattern", "^[a-z][a-z0-9-]*$");
    act(method, ROLE, id, StaffPermission::RolesWrite).path_parameter(
        "role",
        name,
        "support",
        "Which role; not `user`, which everybody has.",
    )
}

/// Something that is done to a user.
fn act(
    method: &'static str,
    path: &'static str,
    id: &'static str,
    needed: StaffPermission,
) -> Operation {
    operation(method, path, id, needed)
        .path_parameter("id", uuid(), examples::USER_ID, "To whom; not to oneself.")
        .takes(Body::new(vec![reason()], with_reason(json!({}))))
        .refuses(&[ErrorCode::OwnAccount])
}

/// Whether a field is left out for who may not see what is personal.
fn is_personal(name: &str) -> bool {
    [
        "phone_number",
        "last_login_address",
        "address",
        "user_agent",
    ]
    .contains(&name)
}

fn account_fields() -> Vec<Field> {
    vec![
        field("id", uuid(), "Who he is."),
        field("email", email(), "By which he signs in."),
        field("username", user::username(), "Unique in any letter case."),
        field("full_name", string(), "Both names, else the user name."),
        field(
            "phone_number",
            text(20).nullable(),
            "With `admin:personal:read`.",
        ),
        field("is_active", boolean(), "Whether he may sign in."),
        field(
            "is_verified",
            boolean(),
            "Whether the address is known to be his.",
        ),
        field(
            "is_password_reset_required",
            boolean(),
            "Whether he has to reset his password first.",
        ),
        field(
            "roles",
            list(string()),
            "Beside `user`, which everybody has.",
        ),
        field("created_at", timestamp(), "When he registered."),
        field(
            "updated_at",
            timestamp(),
            "When something of him changed at last.",
        ),
        field(
            "last_login",
            timestamp().nullable(),
            "When he signed in at last.",
        ),
        field(
            "last_login_address",
            string().nullable(),
            "From where; with `admin:personal:read`.",
        ),
    ]
}

fn account_example() -> Value {
    json!({
        "id": examples::USER_ID,
        "email": examples::EMAIL,
        "username": "ada",
        "full_name": "Ada Lovelace",
        "phone_number": null,
        "is_active": true,
        "is_verified": false,
        "is_password_reset_required": false,
        "roles": [],
        "created_at": examples::TIMESTAMP,
        "updated_at": examples::TIMESTAMP,
        "last_login": examples::TIMESTAMP,
        "last_login_address": "192.0.2.7",
    })
}

fn session() -> Schema {
    object([
        field("id", uuid(), "Which session."),
        field("created_at", timestamp(), "When it began."),
        field(
            "last_used_at",
            timestamp(),
            "Its login, or the last renewal of its tokens.",
        ),
        field("expires_at", timestamp(), "When it ends at the latest."),
        optional(
            "address",
            string().nullable(),
            "From where the login came; with `admin:personal:read`.",
        ),
        optional(
            "user_agent",
            string(),
            "What the client called itself; with `admin:personal:read`.",
        ),
        field("is_live", boolean(), "Whether it goes on."),
        field(
            "revoked_at",
            timestamp().nullable(),
            "When it has ended before its time.",
        ),
        field("revoked_reason", string().nullable(), "By what."),
    ])
}

fn session_example() -> Value {
    json!({
        "id": examples::SESSION_ID,
        "created_at": examples::TIMESTAMP,
        "last_used_at": examples::TIMESTAMP,
        "expires_at": examples::TIMESTAMP,
        "address": "192.0.2.7",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "is_live": true,
        "revoked_at": null,
        "revoked_reason": null,
    })
}
