//! The password policy.

use super::super::check_policy;
use crate::bindings::passwords::Violation::{
    self, EntirelyNumeric, TooCommon, TooLong, TooShort, TooSimilar,
};

#[track_caller]
fn assert_broken(password: &str, personal: &[&str], expected: &[Violation]) {
    let personal: Vec<String> = personal.iter().map(ToString::to_string).collect();
    assert_eq!(
        check_policy(password, &personal),
        expected,
        "{password:?} {personal:?}"
    );
}

#[test]
fn a_password_breaks_each_rule_that_it_breaks_in_order() {
    for (password, expected) in [
        ("", &[TooShort][..]),
        ("Kx7!vQ2", &[TooShort]),
        ("Kx7!vQ2z", &[]),
        ("123", &[TooShort, EntirelyNumeric]),
        ("1234", &[TooShort, TooCommon, EntirelyNumeric]),
        ("12345678", &[TooCommon, EntirelyNumeric]),
        ("90512387461", &[EntirelyNumeric]),
        ("password", &[TooCommon]),
        ("  PassWord ", &[TooCommon]),
        ("correct horse battery staple", &[]),
    ] {
        assert_broken(password, &[], expected);
    }
}

#[test]
fn length_counts_characters_of_the_normalised_password() {
    assert_broken(&"\u{1f40e}".repeat(7), &[], &[TooShort]);
    assert_broken(&"\u{1f40e}".repeat(8), &[], &[]);
    assert_broken(&"xy".repeat(64), &[], &[]);
    assert_broken(&("xy".repeat(64) + "x"), &[], &[TooLong]);
    // One ligature becomes three letters, and each of eight decomposed letters one.
    assert_broken("\u{fb03}\u{fb03}\u{fb03}", &[], &[]);
    assert_broken(&"a\u{301}".repeat(7), &[], &[TooShort]);
    assert_broken(&"a\u{301}".repeat(8), &[], &[]);
}

#[test]
fn digits_of_other_scripts_are_digits() {
    // Full width (as 905123874), Arabic-Indic.
    let full_width = "\u{ff19}\u{ff10}\u{ff15}\u{ff11}\u{ff12}\u{ff13}\u{ff18}\u{ff17}\u{ff14}";
    assert_broken(full_width, &[], &[EntirelyNumeric]);
    assert_broken(&"\u{669}".repeat(8), &[], &[EntirelyNumeric]);
    assert_broken("90512 387461", &[], &[]);
}

#[test]
fn what_is_written_in_other_letters_is_common_too() {
    let full_width: String = "password"
        .chars()
        .filter_map(|letter| char::from_u32(letter as u32 + 0xfee0))
        .collect();
    assert_broken(&full_width, &[], &[TooCommon]);
}

#[test]
fn a_password_must_not_resemble_the_address_or_a_name() {
    for (password, personal) in [
        ("xxJonathanxx", "jonathan"),
        ("jonathan.2024", "JONATHAN"),
        ("jonathan", "jonathan.fletcher"),
        ("JONA than", "xx jona Than"),
        ("stra\u{df}e-7-x", "STRA\u{df}E"),
        ("\u{c5}ngstr\u{f6}m!", "A\u{30a}ngstro\u{308}m"),
        ("xxanna-xxx", "  anna "),
        ("belmondo-1960", "Paul Belmondo"),
    ] {
        assert_broken(password, &[personal], &[TooSimilar]);
    }
    assert_broken("Kx7!anna", &["Kx7?", "anna"], &[TooSimilar]);
}

#[test]
fn short_entries_and_short_passwords_resemble_nothing() {
    assert_broken("Kx7!ann2z", &["ann", "", "  ", " ann "], &[]);
    assert_broken("", &["jonathan"], &[TooShort]);
    assert_broken("jon", &["jonathan"], &[TooShort]);
    assert_broken("jonat", &["jonathan"], &[TooShort, TooSimilar]);
    assert_broken("Kx7!vQ2z", &["jonathan", "fletcher"], &[]);
}
