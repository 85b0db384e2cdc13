//! The library component `credentials`: passwords, tokens and webhooks' signatures (`wit/credentials.wit`).
//!
//! It does no I/O. Time, random bytes and settings are arguments, so every answer can be repeated.

mod bindings;
mod component;
mod passwords;
mod tokens;
mod webhooks;
