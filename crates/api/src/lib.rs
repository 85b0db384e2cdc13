//! What the HTTP components share: the envelope, errors, extractors, and the edge around a router.

mod allowance;
pub mod app;
pub mod body;
pub mod caller;
mod client;
pub mod config;
mod context;
pub mod credentials;
mod document;
mod edge;
mod envelope;
mod error;
mod fill;
mod instance;
mod query;
pub mod random;
pub mod rate_limit;
pub mod service_caller;

pub use app::{Access, App};
pub use body::Body;
pub use caller::CurrentUser;
pub use client::Client;
pub use config::Config;
pub use context::Context;
pub use document::Document;
pub use envelope::{Flattened, Success};
pub use error::{ApiError, Unauthenticated};
pub use fill::fill_after_answer;
pub use instance::serve;
pub use query::Query;
pub use service_caller::CurrentService;
pub use spin_sdk::wasip3::spawn;
