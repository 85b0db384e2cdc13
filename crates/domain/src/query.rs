//! The parameters behind the `?` of a URL.

use crate::field_errors::FieldErrors;
use crate::url_encoded::pairs;

/// Decoded query parameters. Where a name stands twice, the last value counts, as in Django.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryParameters {
    pairs: Vec<(String, String)>,
}

impl QueryParameters {
    /// Reads a query as it stands in the URL, still encoded and without the `?`.
    ///
    /// # Errors
    /// A general error if it is not percent-encoded UTF-8.
    pub fn parse(query: Option<&str>) -> Result<Self, FieldErrors> {
        let pairs = pairs(query.unwrap_or_default().as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|error| FieldErrors::general(format!("The query can't be read: {error}.")))?;
        Ok(Self { pairs })
    }

    /// The last value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// All names and values in their order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::errors_of;

    #[test]
    fn the_last_value_counts() {
        let query = QueryParameters::parse(Some("page=1&limit=5&page=2")).unwrap();
        assert_eq!((query.get("page"), query.get("order")), (Some("2"), None));
        assert_eq!(query.pairs().len(), 3);
        assert_eq!(QueryParameters::parse(None), Ok(QueryParameters::default()));
    }

    #[test]
    fn a_bad_encoding_is_a_general_error() {
        assert_eq!(
            errors_of(QueryParameters::parse(Some("page=%ff"))),
            json!({"error": ["The query can't be read: the text is not UTF-8."]})
        );
    }
}
