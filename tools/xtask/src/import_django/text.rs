//! Texts that are too long, and what is wrong with one.

use domain::Problem;

/// The first `limit` characters.
pub(super) fn cut(text: &str, limit: usize) -> &str {
    let end = text
        .char_indices()
        .nth(limit)
        .map_or(text.len(), |(end, _)| end);
    &text[..end]
}

/// Every rule that a value breaks, as one text.
pub(super) fn reasons(problem: &Problem) -> String {
    match problem {
        Problem::Texts(texts) => texts.join(" "),
        Problem::Nested(errors) => serde_json::to_string(errors).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_not_bytes() {
        assert_eq!(cut("äöü", 2), "äö");
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("", 3), "");
    }
}
