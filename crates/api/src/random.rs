//! The edge at which chance is read; everywhere else it is an argument.

/// `N` random bytes from the host's cryptographically secure generator.
///
/// # Panics
/// If the host has no random bytes: nothing that needs them may go on then.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the host gives random bytes");
    bytes
}

/// `N` random bytes as `2 N` hex digits.
pub fn hex<const N: usize>() -> String {
    to_hex(&bytes::<N>())
}

/// A random number from 0 up to but without 1.
pub fn fraction() -> f64 {
    f64::from(u32::from_be_bytes(bytes())) / (f64::from(u32::MAX) + 1.0)
}

/// `bytes` as hex digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
