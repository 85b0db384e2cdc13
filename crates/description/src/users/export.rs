//! `/api/v1/users/export`.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::caller::Caller;
use crate::examples;
use crate::limit::Limit;
use crate::operation::Operation;
use crate::schema::{
    Schema, boolean, constant, count, email, field, list, object, reference, string, text,
    timestamp, uuid, words,
};
use crate::tag::Tag;
use crate::users::activity::act_fields;

pub(super) fn get() -> Operation {
    Operation::new(
        "get",
        "/api/v1/users/export",
        "exportAccount",
        Tag::Account,
        Caller::User,
    )
    .says(
        "Everything that is known of the caller",
        "For himself, as one JSON document (GDPR, articles 15 and 20). `manifest` says what is in it, whether that is all, and what is \
         withheld since it is a secret.",
    )
    .limited_by(&[Limit::Export])
    .answers(Answer::new(
        200,
        "The document.",
        "Account exported successfully",
        document(),
        example(),
    ))
}

fn document() -> Schema {
    object([
        field("manifest", manifest(), "What is in the document."),
        field("account", account(), "The account."),
        field("profile", reference("Profile"), "What he says of himself."),
        field(
            "preferences",
            reference("Preferences"),
            "How he wants to be notified.",
        ),
        field("lists", lists(), "All that there is more than one of."),
    ])
}

fn manifest() -> Schema {
    let part = object([
        field("name", string(), "Its name."),
        field("description", string(), "What it is."),
    ]);
    let list_part = object([
        field("name", string(), "Its name."),
        field("description", string(), "What it is."),
        field("entries", count(), "How many entries it has."),
        field("is_complete", boolean(), "Whether that is all."),
    ]);
    object([
        field(
            "format",
            constant("user-service-export"),
            "What the document is.",
        ),
        field("version", constant(1), "Of its form."),
        field("user_id", uuid(), "Whose it is."),
        field("generated_at", timestamp(), "As of when."),
        field("objects", list(part), "The objects in it."),
        field("lists", list(list_part), "The lists in it."),
        field(
            "withheld",
            list(string()),
            "What is not in it, since it is a secret.",
        ),
    ])
}

fn account() -> Schema {
    object([
        field("id", uuid(), "Who he is."),
        field("email", email(), "By which he signs in."),
        field("username", string(), "His user name."),
        field("first_name", string(), "As he registered."),
        field("last_name", string(), "As he registered."),
        field("phone_number", text(20).nullable(), "As he has written it."),
        field(
            "is_verified",
            boolean(),
            "Whether the address is known to be his.",
        ),
        field("is_active", boolean(), "Whether he may sign in."),
        field("is_staff", boolean(), "Of the service before this one."),
        field("is_superuser", boolean(), "Of the service before this one."),
        field("date_joined", timestamp(), "When he registered."),
        field("created_at", timestamp(), "When the account was made."),
        field(
            "updated_at",
            timestamp(),
            "When something of the user object changed at last.",
        ),
        field(
            "erase_at",
            timestamp().nullable(),
            "When it is to be erased.",
        ),
        field(
            "password_reset_required_at",
            timestamp().nullable(),
            "Since when its password has to be reset.",
        ),
        field(
            "last_login",
            timestamp().nullable(),
            "When he signed in at last.",
        ),
        field("last_login_ip", string().nullable(), "From where."),
    ])
}

fn lists() -> Schema {
    let session = object([
        field("id", uuid(), "Which session."),
        field(
            "ip_address",
            string().nullable(),
            "From where the login came.",
        ),
        field("user_agent", string(), "What the client called itself."),
        field("created_at", timestamp(), "When it began."),
        field(
            "last_seen",
            timestamp(),
            "Its login, or the last renewal of its tokens.",
        ),
        field("expires_at", timestamp(), "When it ends at the latest."),
        field("ended_at", timestamp().nullable(), "When it has ended."),
        field("ended_by", string().nullable(), "By what."),
    ]);
    let legacy_refresh_token = object([
        field("expires_at", timestamp(), "Until when it is of use."),
        field(
            "ended_at",
            timestamp().nullable(),
            "When it was exchanged, or ended with all others.",
        ),
        field(
            "session_id",
            uuid().nullable(),
            "The session that it was exchanged for.",
        ),
    ]);
    let role = object([
        field("role", string(), "Which role."),
        field("description", string(), "What it is for."),
        field("granted_at", timestamp(), "Since when he has it."),
    ]);
    let message = object([
        field("purpose", string(), "What it is for."),
        field("email", email(), "Where it went."),
        field("created_at", timestamp(), "When."),
        field("expires_at", timestamp(), "Until when it is of use."),
    ]);
    let delivery = object([
        field("channel", words(["email", "push"]), "On which way."),
        field("category", string(), "What it was about."),
        field("taken_at", timestamp(), "When."),
    ]);
    let mut act = act_fields();
    act.push(field(
        "user_agent",
        string().nullable(),
        "What the client called itself.",
    ));
    object([
        field("push_tokens", list(reference("PushToken")), "His devices."),
        field("sessions", list(session), "Where he is or was signed in."),
        field(
            "legacy_refresh_tokens",
            list(legacy_refresh_token),
            "Where he was signed in with the service before this one.",
        ),
        field(
            "roles",
            list(role),
            "What he may do beyond his own account.",
        ),
        field(
            "messages",
            list(message),
            "Messages to his address that are still of use.",
        ),
        field(
            "deliveries",
            list(delivery),
            "Notifications that count for his limit.",
        ),
        field(
            "activity",
            list(object(act)),
            "What was done to his account.",
        ),
    ])
}

fn example() -> Value {
    let lists = [
        "push_tokens",
        "sessions",
        "legacy_refresh_tokens",
        "roles",
        "messages",
        "deliveries",
        "activity",
    ];
    let manifest = lists.map(
        |name| json!({"name": name, "description": "A list", "entries": 0, "is_complete": true}),
    );
    json!({
        "manifest": {
            "format": "user-service-export",
            "version": 1,
            "user_id": examples::USER_ID,
            "generated_at": examples::TIMESTAMP,
            "objects": [
                {"name": "account", "description": "Your account"},
                {"name": "profile", "description": "What you say of yourself"},
                {"name": "preferences", "description": "How you want to be notified"},
            ],
            "lists": manifest,
            "withheld": [
                "The hash of your password",
                "The push tokens themselves, which your devices have",
                "Tokens and codes that were sent to you",
            ],
        },
        "account": {
            "id": examples::USER_ID,
            "email": examples::EMAIL,
            "username": "ada",
            "first_name": "Ada",
            "last_name": "Lovelace",
            "phone_number": null,
            "is_verified": false,
            "is_active": true,
            "is_staff": false,
            "is_superuser": false,
            "date_joined": examples::TIMESTAMP,
            "created_at": examples::TIMESTAMP,
            "updated_at": examples::TIMESTAMP,
            "erase_at": null,
            "password_reset_required_at": null,
            "last_login": examples::TIMESTAMP,
            "last_login_ip": "192.0.2.7",
        },
        "profile": examples::profile(),
        "preferences": examples::preferences(),
        "lists": {
            "push_tokens": [], "sessions": [], "legacy_refresh_tokens": [], "roles": [], "messages": [], "deliveries": [], "activity": [],
        },
    })
}
