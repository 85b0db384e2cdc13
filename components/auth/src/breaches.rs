//! Whether a new password was breached elsewhere (NIST SP 800-63B-4, section 3.1.1.2), where a list of
//! such passwords is set up. It is asked before a place for hashing is taken.

use domain::Password;
use outbound::LookupError;
use telemetry::metrics::BREACHED_PASSWORD_CHECKS;
use telemetry::{Level, LogLine};

use crate::passwords::digest_for_breaches;
use crate::state::Auth;

impl Auth {
    /// Whether `password` is in the list of breached passwords. While the list can't be asked no
    /// password is: nobody is to be kept out by a service that is away, and the other rules hold.
    pub(crate) async fn is_breached(&self, password: &Password) -> bool {
        let Some(list) = &self.breached_passwords else {
            return false;
        };
        let digest = digest_for_breaches(password.expose_secret());
        let found = list.contain(&digest.prefix, &digest.suffix).await;
        BREACHED_PASSWORD_CHECKS.add(&[match found {
            Ok(true) => "breached",
            Ok(false) => "clear",
            Err(_) => "unavailable",
        }]);
        found.unwrap_or_else(|error| {
            // Who is left alone has been complained of before.
            if let LookupError::Failed(cause) = error {
                LogLine::new(Level::Warn, "the list of breached passwords can't be asked")
                    .with("error", cause.to_string())
                    .write();
            }
            false
        })
    }
}
