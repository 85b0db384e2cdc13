//! The names of works that results are compared by.

/// The component that does nothing.
pub(crate) const HELLO: &str = "hello";
/// A read that Redis answers.
pub(crate) const CACHED_PREFERENCES: &str = "cached preferences";
/// A read that PostgreSQL answers.
pub(crate) const PROFILE_ON_A_MISS: &str = "profile on a miss";
/// The next pair of tokens.
pub(crate) const REFRESH: &str = "refresh";
/// A sign-in, hash included.
pub(crate) const LOGIN: &str = "login";
/// The password hash.
pub(crate) const ARGON2ID: &str = "argon2id";
/// One login after the other.
pub(crate) const LOGIN_ALONE: &str = "login, 1 connection";
/// One login after the other where the hash is as cheap as can be.
pub(crate) const LOGIN_UNHASHED: &str = "login, 1 connection, cheapest hash";
/// Cached reads while passwords are hashed on as many connections.
pub(crate) const READ_IN_A_FLOOD: &str = "cached preferences during a login flood";
/// Refreshes while passwords are hashed on as many connections.
pub(crate) const REFRESH_IN_A_FLOOD: &str = "refresh during a login flood";
/// The first answer after all instances have ended.
pub(crate) const AFTER_IDLE: &str = "first answer after idle";
