//! What is wrong with a request, field by field: the `data` object of a 422.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

/// The key for errors that belong to no single field.
const GENERAL: &str = "error";

/// The errors of one object, in the order in which its fields were read.
///
/// Serializes to `{field: [texts]}`; a nested object's errors nest. The texts are written for the
/// client and never hold a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors {
    fields: Vec<(Cow<'static, str>, Problem)>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Every rule that the value breaks.
    Texts(Vec<Cow<'static, str>>),
    /// The errors inside a nested object.
    Nested(FieldErrors),
}

/// A field's value, or every reason why it is refused.
pub type Parsed<T> = Result<T, Problem>;

impl FieldErrors {
    /// No errors.
    pub fn new() -> Self {
        Self::default()
    }

    /// One error of one field.
    pub fn one(field: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) -> Self {
        let mut errors = Self::new();
        errors.add(field, text);
        errors
    }

    /// One error that belongs to no single field; it stands under `error`.
    pub fn general(text: impl Into<Cow<'static, str>>) -> Self {
        Self::one(GENERAL, text)
    }

    /// Adds a text to those of `field`.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) {
        self.push(field, Problem::Texts(vec![text.into()]));
    }

    /// Adds the errors of the nested object `field`; nothing happens if there are none.
    pub fn nest(&mut self, field: impl Into<Cow<'static, str>>, errors: FieldErrors) {
        if !errors.is_empty() {
            self.push(field, Problem::Nested(errors));
        }
    }

    /// Adds what is wrong with `field` to what is known of it already.
    pub fn push(&mut self, field: impl Into<Cow<'static, str>>, problem: Problem) {
        let field = field.into();
        match self.fields.iter_mut().find(|(known, _)| *known == field) {
            None => self.fields.push((field, problem)),
            Some((_, known)) => known.join(problem),
        }
    }

    /// Adds all of `other`'s errors.
    pub fn merge(&mut self, other: FieldErrors) {
        for (field, problem) in other.fields {
            self.push(field, problem);
        }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// `Ok` if nothing is wrong.
    ///
    /// # Errors
    /// The errors themselves, if there are any.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl Problem {
    /// Both findings about one field.
    #[must_use]
    pub fn and(mut self, other: Problem) -> Self {
        self.join(other);
        self
    }

    /// Joins another finding about the same field. Texts next to a nested object's errors become
    /// general errors of that object, since JSON has no value that is both a list and an object.
    fn join(&mut self, other: Problem) {
        match (&mut *self, other) {
            (Self::Texts(texts), Self::Texts(more)) => texts.extend(more),
            (Self::Nested(errors), Self::Nested(more)) => errors.merge(more),
            (Self::Nested(errors), texts @ Self::Texts(_)) => errors.push(GENERAL, texts),
            (Self::Texts(texts), Self::Nested(mut errors)) => {
                errors.push(GENERAL, Self::Texts(std::mem::take(texts)));
                *self = Self::Nested(errors);
            }
        }
    }
}

impl From<&'static str> for Problem {
    fn from(text: &'static str) -> Self {
        Self::Texts(vec![text.into()])
    }
}

impl From<String> for Problem {
    fn from(text: String) -> Self {
        Self::Texts(vec![text.into()])
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        Self::Nested(errors)
    }
}

impl Serialize for FieldErrors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.fields.iter().map(|(field, problem)| (field, problem)))
    }
}

impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Texts(texts) => texts.serialize(serializer),
            Self::Nested(errors) => errors.serialize(serializer),
        }
    }
}

/// Names the fields, never what was sent in them: fit for a log.
impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused fields:")?;
        self.fields
            .iter()
            .try_for_each(|(field, _)| write!(f, " {field}"))
    }
}

impl std::error::Error for FieldErrors {}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(errors: &FieldErrors) -> String {
        serde_json::to_string(errors).unwrap()
    }

    #[test]
    fn errors_keep_the_order_in_which_fields_were_read() {
        let mut errors = FieldErrors::one("password", "short");
        errors.add("email", "bad");
        errors.add("password", "common");
        assert_eq!(
            json(&errors),
            r#"{"password":["short","common"],"email":["bad"]}"#
        );
    }

    #[test]
    fn nested_errors_nest_and_empty_ones_leave_no_trace() {
        let mut errors = FieldErrors::new();
        errors.nest("profile", FieldErrors::new());
        assert!(errors.is_empty());
        errors.nest("profile", FieldErrors::one("bio", "long"));
        errors.nest("profile", FieldErrors::one("avatar_url", "bad"));
        assert_eq!(
            json(&errors),
            r#"{"profile":{"bio":["long"],"avatar_url":["bad"]}}"#
        );
    }

    #[test]
    fn texts_beside_nested_errors_become_general_ones_whichever_came_first() {
        let expected = r#"{"profile":{"bio":["long"],"error":["odd"]}}"#;

        let mut nested_first = FieldErrors::new();
        nested_first.nest("profile", FieldErrors::one("bio", "long"));
        nested_first.add("profile", "odd");
        assert_eq!(json(&nested_first), expected);

        let mut texts_first = FieldErrors::one("profile", "odd");
        texts_first.nest("profile", FieldErrors::one("bio", "long"));
        assert_eq!(json(&texts_first), expected);
    }

    #[test]
    fn general_errors_stand_under_error() {
        assert_eq!(json(&FieldErrors::general("no")), r#"{"error":["no"]}"#);
        assert_eq!(FieldErrors::new().into_result(), Ok(()));
    }

    #[test]
    fn the_log_text_names_fields_only() {
        let mut errors = FieldErrors::one("platform", "\"tv\" is not a valid choice.");
        errors.add("token", "long");
        assert_eq!(errors.to_string(), "refused fields: platform token");
    }
}
