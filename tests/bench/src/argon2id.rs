//! The password hash: what it costs natively, to compare the components' with.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::measurement::Measurement;

/// Memory of a hash in KiB: as `spin.toml` has it by default.
pub(crate) const MEMORY_KIB: u32 = 19_456;
/// Passes over the memory.
pub(crate) const ITERATIONS: u32 = 2;
/// Lanes of the memory.
pub(crate) const PARALLELISM: u32 = 1;

/// Computes hashes, at least one, for `time`, one after the other in one thread, with the crate that the component
/// uses.
///
/// # Errors
/// If argon2 refuses the parameters.
pub(crate) fn measure(time: Duration) -> Result<Measurement> {
    // The crate's errors are no `std::error::Error` without its feature `std`.
    let refused = |error: argon2::Error| anyhow!("argon2id: {error}");
    let parameters = Params::new(MEMORY_KIB, ITERATIONS, PARALLELISM, None).map_err(refused)?;
    let argon2id = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
    let mut measurement = Measurement::of(1);
    let begun = Instant::now();
    while measurement.successes() == 0 || begun.elapsed() < time {
        let hash_begun = Instant::now();
        let mut hash = [0; Params::DEFAULT_OUTPUT_LEN];
        argon2id
            .hash_password_into(b"Kx7! 4m2q wn8d", &[7; 16], &mut hash)
            .map_err(refused)?;
        std::hint::black_box(hash);
        measurement.succeeded(hash_begun.elapsed());
    }
    measurement.took(begun.elapsed());
    Ok(measurement)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_least_one_hash_is_computed() {
        let measurement = measure(Duration::ZERO).unwrap();
        assert_eq!(measurement.successes(), 1);
    }
}
