//! `/.well-known` (RFC 8615): what other programs look for where every service has it.

mod jwks;

pub(crate) use jwks::jwks;
