//! `GET /api/v1/services/templates/{name}/preview`: a template in a language, or what stands in for it.

use std::sync::Arc;

use api::service_caller::permission::TemplatesPreview;
use api::{ApiError, Context, CurrentService, Query, Success};
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use domain::{FieldErrors, LanguageTag, QueryParameters, TemplateName};
use outbound::{Found, Template, Unavailable};
use serde::Serialize;

use crate::state::Services;

/// What a 404 calls the object.
const TEMPLATE: &str = "Template";

/// A template that was found.
#[derive(Debug, Serialize)]
pub(crate) struct Preview {
    name: String,
    /// The language that it was found in; null: it is the default.
    language: Option<String>,
    #[serde(flatten)]
    template: Template,
    /// Whether it came from the cache.
    cached: bool,
}

pub(crate) async fn preview(
    State(app): State<Arc<Services>>,
    _: CurrentService<TemplatesPreview>,
    context: Context,
    Name(name): Name,
    query: Query,
) -> Result<Success<Preview>, ApiError> {
    let language = language(&query)?;
    let found = app.templates.find(&name, language.as_ref()).await;
    let Found {
        language,
        template,
        cached,
    } = found
        .map_err(unavailable)?
        .ok_or(ApiError::NotFound(TEMPLATE))?;
    context.note_cache("template", cached);
    let preview = Preview {
        name: name.as_str().to_owned(),
        language,
        template,
        cached,
    };
    Ok(Success::ok("Template retrieved successfully", preview))
}

/// The name in a URL; a malformed one is as good as an unknown one.
pub(crate) struct Name(TemplateName);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let segment = Path::<String>::from_request_parts(parts, state).await;
        segment
            .ok()
            .and_then(|Path(name)| TemplateName::parse(&name))
            .map(Self)
            .ok_or(ApiError::NotFound(TEMPLATE))
    }
}

/// The parameter `language`; left out or empty, the default is wanted.
fn language(query: &QueryParameters) -> Result<Option<LanguageTag>, FieldErrors> {
    let tag = query.get("language").filter(|tag| !tag.is_empty());
    tag.map(LanguageTag::parse).transpose().map_err(|problem| {
        let mut errors = FieldErrors::new();
        errors.push("language", problem);
        errors
    })
}

fn unavailable(Unavailable { cause, retry_after }: Unavailable) -> ApiError {
    ApiError::TemplateServiceUnavailable { cause, retry_after }
}
