//! A Lua script that Redis runs in one step.

use std::fmt::Write as _;

use sha1::{Digest, Sha1};

/// A Lua script and the digest by which Redis knows it once it has run.
#[derive(Debug)]
pub struct Script {
    pub(super) source: &'static str,
    pub(super) digest: String,
}

impl Script {
    /// The script with this source.
    pub fn new(source: &'static str) -> Self {
        Self {
            source,
            digest: hex_digest(source),
        }
    }
}

fn hex_digest(source: &str) -> String {
    Sha1::digest(source)
        .iter()
        .fold(String::with_capacity(40), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_the_one_that_redis_uses() {
        // `redis-cli script load "return 1"`
        assert_eq!(
            Script::new("return 1").digest,
            "e0e1f9fabfc9d4800c877a703b823ac0578ff8db"
        );
    }
}
