//! The services that this one calls, and how it gets on without them.

mod breached_passwords;
mod circuit_breaker;
pub mod http_client;
mod template;
mod template_cache;
mod template_service;

pub use breached_passwords::{BreachedPasswords, LookupError};
pub use template::Template;
pub use template_service::{Found, TemplateService, Unavailable};
