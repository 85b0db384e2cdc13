//! `/api/v1/services/templates`: templates, as the template service gives them.

mod preview;

pub(crate) use preview::preview;
