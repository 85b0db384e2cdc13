//! The place of a generated part in a document that is written by hand.

use anyhow::{Context, Result};

/// `document` with `text` between the two marks of `part`.
pub(crate) fn fill(document: &str, part: &str, text: &str) -> Result<String> {
    let begin = format!("<!-- {part}:begin -->");
    let end = format!("<!-- {part}:end -->");
    let missing_marks = || format!("it needs the lines {begin} and {end}, one after the other");
    let (before, rest) = document.split_once(&begin).with_context(missing_marks)?;
    let (_, after) = rest.split_once(&end).with_context(missing_marks)?;
    Ok(format!("{before}{begin}\n{text}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_stands_between_the_marks_and_the_rest_stays() {
        let document = "# A\n\n<!-- b:begin -->\nold\n<!-- b:end -->\n\nC\n";
        let new = fill(document, "b", "| new |\n").unwrap();
        assert_eq!(
            new,
            "# A\n\n<!-- b:begin -->\n| new |\n<!-- b:end -->\n\nC\n"
        );
        assert_eq!(fill(&new, "b", "| new |\n").unwrap(), new);
        let error = fill(document, "c", "").unwrap_err().to_string();
        assert!(error.contains("<!-- c:begin -->"), "{error}");
        assert!(fill("<!-- b:begin -->", "b", "").is_err());
    }
}
