//! `/api/v1/users/profile`.

use domain::{AvatarUrl, LanguageTag, PhoneNumber, ProfileFields};
use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{any_of, optional, reference, request, text, text_not_blank};
use crate::schemas::user;
use crate::tag::Tag;

const PATH: &str = "/api/v1/users/profile";

/// Its operations.
pub(super) fn operations() -> [Operation; 3] {
    [
        get(),
        update("put", "replaceProfile"),
        update("patch", "updateProfile"),
    ]
}

fn get() -> Operation {
    Operation::new("get", PATH, "getProfile", Tag::Account, Caller::User)
        .says(
            "The user object",
            "As the caller sees himself, whatever he has changed a moment ago.",
        )
        .fields(&user::fields())
        .answers(Answer::new(
            200,
            "The user object, or those of its fields that were asked for.",
            "User profile retrieved successfully",
            any_of([reference("User"), reference("SomeOfUser")]),
            examples::user(),
        ))
}

fn update(method: &'static str, id: &'static str) -> Operation {
    Operation::new(method, PATH, id, Tag::Account, Caller::User)
        .says(
            "Change the user object",
            "Fields that are left out stay, for PUT as for PATCH. Those that are not named here are not writable, and ignored.",
        )
        .takes(body())
        .answers(Answer::new(
            200,
            "The user object as it is now.",
            "Profile updated successfully",
            reference("User"),
            examples::user(),
        ))
}

fn body() -> Body {
    let name = || text(ProfileFields::LONGEST_NAME);
    let avatar_url = text(AvatarUrl::LONGEST)
        .with("format", "uri-reference")
        .nullable();
    let language = text_not_blank(LanguageTag::LONGEST);
    let profile = request([
        optional("first_name", name(), "Perhaps empty."),
        optional("last_name", name(), "Perhaps empty."),
        optional(
            "avatar_url",
            avatar_url,
            "An http or https URL; empty or null: no picture.",
        ),
        optional(
            "timezone",
            user::time_zone(),
            "A name of the IANA database, in its letter case.",
        ),
        optional("language", language, "A well-formed language tag (BCP 47)."),
        optional("bio", text(ProfileFields::LONGEST_BIO), "Perhaps empty."),
    ]);
    Body::new(
        vec![
            optional("username", user::username(), "Unique in any letter case."),
            optional(
                "phone_number",
                text(PhoneNumber::LONGEST).nullable(),
                "As he writes it; null: none.",
            ),
            optional("profile", profile, "What he says of himself."),
        ],
        json!({
            "phone_number": "+44 20 7946 0958",
            "profile": {"bio": "Wrote the first program.", "timezone": "Europe/London", "language": "en-GB"},
        }),
    )
}
