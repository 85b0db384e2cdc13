//! `/api/v1/services/templates/{name}/preview`.

use domain::{ErrorCode, LanguageTag, ServicePermission, TemplateName};
use serde_json::json;

use crate::answer::Answer;
use crate::caller::Caller;
use crate::operation::Operation;
use crate::schema::{boolean, field, object, string, text};
use crate::tag::Tag;

pub(super) fn preview() -> Operation {
    let name = text(TemplateName::LONGEST).with("pattern", "^[a-z0-9_-][a-z0-9_.-]*$");
    let data = object([
        field("name", string(), "Which template."),
        field(
            "language",
            string().nullable(),
            "In which language it was found; null: the default.",
        ),
        field(
            "subject",
            string().nullable(),
            "A push message may have none.",
        ),
        field("body", string(), "Its text."),
        field("cached", boolean(), "Whether it came from the cache."),
    ]);
    Operation::new(
        "get",
        "/api/v1/services/templates/{name}/preview",
        "previewTemplate",
        Tag::Services,
        Caller::Service(ServicePermission::TemplatesPreview),
    )
    .says(
        "A template, as the template service gives it",
        "In the language, else in a wider one (RFC 4647, section 3.4), else in the default.",
    )
    .path_parameter("name", name, "welcome", "Which template.")
    .query(
        "language",
        text(LanguageTag::LONGEST),
        "fr-CA",
        "A language tag (BCP 47); left out or empty: the default.",
    )
    .refuses(&[ErrorCode::TemplateServiceUnavailable])
    .answers(Answer::new(
        200,
        "The template.",
        "Template retrieved successfully",
        data,
        json!({
            "name": "welcome",
            "language": "fr",
            "subject": "Bienvenue",
            "body": "Bonjour {{name}}",
            "cached": false,
        }),
    ))
}
