//! `GET /health/live`: whether anything answers at all. It asks nobody else: a process is not to be
//! started anew because another server is away.

use api::{ApiError, Context, Success};
use serde::Serialize;

use super::answer::{Health, Status, answer};

/// Nothing more.
#[derive(Debug, Serialize)]
pub(crate) struct Nothing {}

pub(crate) async fn live(context: Context) -> Result<Success<Health<Nothing>>, ApiError> {
    answer(&context, Status::Healthy, Nothing {})
}
