//! The bounds of what one hash may cost, so that no setting or imported hash takes the service down.

use argon2::Params;

use crate::bindings::passwords::Argon2Parameters;

/// 100 MiB, as Django's argon2 hashes have: they still fit into an instance of 128 MiB.
const MEMORY_KIB: u32 = 102_400;
const ITERATIONS: u32 = 10;
const PARALLELISM: u32 = 16;
/// Memory times iterations: above RFC 9106's second recommended option (3 × 64 MiB).
const WORK_KIB: u32 = 262_144;

/// Rounds of `pbkdf2_sha256`: twice what the newest Django asks for.
pub(super) const PBKDF2_ITERATIONS: u32 = 2_000_000;
/// The logarithm of bcrypt's rounds; Django's is 12, and each more doubles the time.
pub(super) const BCRYPT_COST: u32 = 14;

/// The argon2 parameters for a hash of `output_length` bytes, if they are within the bounds.
///
/// # Errors
/// Says which bound is broken.
pub(super) fn argon2_parameters(
    parameters: Argon2Parameters,
    output_length: usize,
) -> Result<Params, String> {
    let Argon2Parameters {
        memory_kib,
        iterations,
        parallelism,
    } = parameters;
    if memory_kib > MEMORY_KIB {
        return Err(format!("argon2: memory is more than {MEMORY_KIB} KiB"));
    }
    if iterations > ITERATIONS {
        return Err(format!("argon2: iterations are more than {ITERATIONS}"));
    }
    if parallelism > PARALLELISM {
        return Err(format!("argon2: parallelism is more than {PARALLELISM}"));
    }
    // Both are bounded above, so the product fits.
    if memory_kib * iterations > WORK_KIB {
        return Err(format!(
            "argon2: memory times iterations is more than {WORK_KIB} KiB"
        ));
    }
    Params::new(memory_kib, iterations, parallelism, Some(output_length))
        .map_err(|error| format!("argon2: {error}"))
}
