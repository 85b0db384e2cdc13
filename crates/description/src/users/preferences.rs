//! `/api/v1/users/preferences`.

use serde_json::json;

use crate::answer::Answer;
use crate::body::Body;
use crate::caller::Caller;
use crate::examples;
use crate::operation::Operation;
use crate::schema::{Field, any_of, boolean, optional, reference};
use crate::schemas::user::{self, SWITCHES};
use crate::tag::Tag;

const PATH: &str = "/api/v1/users/preferences";

/// Its operations.
pub(super) fn operations() -> [Operation; 3] {
    [
        get(),
        update("put", "replacePreferences"),
        update("patch", "updatePreferences"),
    ]
}

fn get() -> Operation {
    Operation::new("get", PATH, "getPreferences", Tag::Account, Caller::User)
        .says("How the caller wants to be notified", "")
        .fields(&user::preferences_fields())
        .answers(Answer::new(
            200,
            "The preferences, or those of their fields that were asked for.",
            "Preferences retrieved successfully",
            any_of([reference("Preferences"), reference("SomeOfPreferences")]),
            examples::preferences(),
        ))
}

fn update(method: &'static str, id: &'static str) -> Operation {
    Operation::new(method, PATH, id, Tag::Account, Caller::User)
        .says(
            "Change how the caller wants to be notified",
            "Fields that are left out stay, for PUT as for PATCH. Changes of different fields at the same time are both kept.",
        )
        .takes(Body::new(
            fields(),
            json!({"push_marketing": false, "do_not_disturb_start": "22:00", "do_not_disturb_end": "07:00"}),
        ))
        .answers(Answer::new(
            200,
            "The preferences as they are now.",
            "Preferences updated successfully",
            reference("Preferences"),
            examples::preferences(),
        ))
}

fn fields() -> Vec<Field> {
    let time = || user::time_of_day().nullable();
    let mut fields: Vec<Field> = SWITCHES
        .map(|(name, description)| optional(name, boolean(), description))
        .into();
    fields.extend([
        optional(
            "do_not_disturb_start",
            time(),
            "When quiet hours begin, on his clock; null: there are none.",
        ),
        optional(
            "do_not_disturb_end",
            time(),
            "When quiet hours end, on his clock; null: there are none.",
        ),
        optional(
            "frequency_limit",
            user::frequency_limit(),
            "Most messages on a channel in any 24 hours; 0: no limit.",
        ),
    ]);
    fields
}
