//! The token that comes with a request, whosever it is.

use http::{HeaderMap, header};

use crate::error::Unauthenticated;

/// The token of exactly one `Authorization: Bearer <token>` (RFC 6750, section 2.1).
pub(crate) fn bearer_token(headers: &HeaderMap) -> Result<&str, Unauthenticated> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let value = values.next().ok_or(Unauthenticated::NoCredentials)?;
    if values.next().is_some() {
        return Err(Unauthenticated::MalformedHeader);
    }
    let value = value
        .to_str()
        .map_err(|_| Unauthenticated::MalformedHeader)?;
    let mut words = value.split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(scheme), ..) if !scheme.eq_ignore_ascii_case("bearer") => {
            Err(Unauthenticated::NoCredentials)
        }
        (Some(_), Some(token), None) => Ok(token),
        _ => Err(Unauthenticated::MalformedHeader),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn token_of(values: &[&str]) -> Result<String, Unauthenticated> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(
                header::AUTHORIZATION,
                HeaderValue::from_str(value).expect("a value"),
            );
        }
        bearer_token(&headers).map(str::to_owned)
    }

    #[test]
    fn the_scheme_may_be_in_any_letter_case() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER  a.b.c"] {
            assert_eq!(token_of(&[value]), Ok("a.b.c".into()));
        }
    }

    #[test]
    fn without_bearer_there_are_no_credentials() {
        for values in [&[][..], &["Basic YTpi"], &["Token x"]] {
            assert_eq!(
                token_of(values),
                Err(Unauthenticated::NoCredentials),
                "{values:?}"
            );
        }
    }

    #[test]
    fn exactly_one_token_is_expected() {
        for values in [&["Bearer"][..], &["Bearer a b"], &["Bearer a", "Bearer a"]] {
            assert_eq!(
                token_of(values),
                Err(Unauthenticated::MalformedHeader),
                "{values:?}"
            );
        }
    }
}
