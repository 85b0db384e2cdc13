//! The end-to-end tests: one file for each URL, and some for what goes across them.

mod account;
mod bad_input;
mod cache;
mod change_password;
mod envelope;
mod event_schemas;
mod events;
mod health;
mod host;
mod imported_passwords;
mod login;
mod logout;
mod logs;
mod outages;
mod preferences;
mod profile;
mod push_tokens;
mod races;
mod redacted;
mod register;
mod services;
mod sessions;
mod sweep;
mod token_refresh;
mod unauthenticated;
mod webhooks;
