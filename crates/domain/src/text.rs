//! White space and lengths as the old service counts them.

/// Cuts white space off both ends, as Python's `str.strip` does.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Python's `str.isspace` for one character: Unicode's `White_Space`, and the four information
/// separators U+001C to U+001F.
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// The first `limit` characters (code points) of `text`.
pub(crate) fn cut(text: &str, limit: usize) -> &str {
    text.char_indices()
        .nth(limit)
        .map_or(text, |(end, _)| &text[..end])
}

/// Whether `text` has more than `limit` characters (code points).
pub(crate) fn is_longer_than(text: &str, limit: usize) -> bool {
    text.chars().nth(limit).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn white_space_of_every_kind_is_trimmed_outside_and_kept_inside() {
        assert_eq!(trim("\u{3000}\u{1f}\t a \u{a0} b\r\n\u{85}"), "a \u{a0} b");
        assert_eq!(
            trim("\u{200b}a"),
            "\u{200b}a",
            "a zero width space is no white space"
        );
    }

    #[test]
    fn lengths_count_code_points() {
        assert_eq!(cut("añ😀b", 3), "añ😀");
        assert_eq!(cut("ab", 3), "ab");
        assert_eq!(cut("ab", 0), "");
        assert!(is_longer_than("😀😀", 1));
        assert!(!is_longer_than("😀😀", 2));
    }

    proptest! {
        #[test]
        fn a_cut_text_is_a_beginning_that_fits(text in any::<String>(), limit in 0_usize..20) {
            let cut = cut(&text, limit);
            prop_assert!(text.starts_with(cut));
            prop_assert!(!is_longer_than(cut, limit));
            prop_assert!(cut == text || cut.chars().count() == limit);
        }
    }
}
