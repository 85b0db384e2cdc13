//! Digests as `sha1sum` makes them.

use super::super::digest_for_breaches;

#[track_caller]
fn assert_digest(password: &str, prefix: &str, suffix: &str) {
    let digest = digest_for_breaches(password);
    assert_eq!(
        (digest.prefix.as_str(), digest.suffix.as_str()),
        (prefix, suffix)
    );
}

#[test]
fn a_digest_is_sha1_in_upper_case_after_five_digits() {
    assert_digest("password", "5BAA6", "1E4C9B93F3F0682250B6CF8331B7EE68FD8");
    // With zeros that a number would not have.
    assert_digest("127", "00845", "1A05E1E7AA32C75119DF950D405265E0904");
}

#[test]
fn what_counts_is_the_form_that_is_hashed() {
    // In full width.
    assert_digest(
        "\u{ff50}\u{ff41}\u{ff53}\u{ff53}word",
        "5BAA6",
        "1E4C9B93F3F0682250B6CF8331B7EE68FD8",
    );
}
