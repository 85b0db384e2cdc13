//! `/api/v1/services/push-tokens`: what the push service reports.

mod feedback;

pub(crate) use feedback::feedback;
