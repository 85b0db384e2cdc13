//! Who calls this, for the audit trail.

use std::env;

/// The login name of whoever calls this, as the environment has it.
pub(crate) fn operator() -> String {
    ["SUDO_USER", "USER", "LOGNAME"]
        .iter()
        .find_map(|name| env::var(name).ok())
        .unwrap_or_default()
}
