//! The encoding that query strings and HTML forms share (WHATWG URL, section 5), read strictly.

use thiserror::Error;

/// Why text in this encoding can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EncodingError {
    /// A percent sign without two hexadecimal digits behind it.
    #[error("a percent sign is not followed by two hexadecimal digits")]
    Percent,
    /// The bytes are not UTF-8.
    #[error("the text is not UTF-8")]
    Utf8,
}

/// Names and values in the order in which they stand. Empty pieces between `&` are skipped; a
/// name without `=` has an empty value.
pub(crate) fn pairs(
    encoded: &[u8],
) -> impl Iterator<Item = Result<(String, String), EncodingError>> {
    encoded
        .split(|byte| *byte == b'&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let end = piece
                .iter()
                .position(|byte| *byte == b'=')
                .unwrap_or(piece.len());
            let (name, value) = (&piece[..end], piece.get(end + 1..).unwrap_or_default());
            Ok((decode(name)?, decode(value)?))
        })
}

/// Decodes one name or value, in which `+` is a space.
pub(crate) fn decode(encoded: &[u8]) -> Result<String, EncodingError> {
    let spaced: Vec<u8> = encoded
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    decode_bytes(&spaced)
}

/// Decodes percent-encoded text (RFC 3986, section 2.1), in which `+` is itself.
pub(crate) fn decode_percent(encoded: &str) -> Result<String, EncodingError> {
    decode_bytes(encoded.as_bytes())
}

fn decode_bytes(encoded: &[u8]) -> Result<String, EncodingError> {
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut bytes = encoded.iter().copied();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let mut digit = || {
                bytes
                    .next()
                    .and_then(hexadecimal)
                    .ok_or(EncodingError::Percent)
            };
            let (high, low) = (digit()?, digit()?);
            high << 4 | low
        } else {
            byte
        });
    }
    String::from_utf8(decoded).map_err(|_| EncodingError::Utf8)
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(encoded: &str) -> Result<Vec<(String, String)>, EncodingError> {
        pairs(encoded.as_bytes()).collect()
    }

    #[test]
    fn names_and_values_are_decoded() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            read("a=1&&b+c=%C3%A4%20%2B&d&=e&f=g=h"),
            Ok(vec![
                pair("a", "1"),
                pair("b c", "ä +"),
                pair("d", ""),
                pair("", "e"),
                pair("f", "g=h"),
            ])
        );
        assert_eq!(read(""), Ok(vec![]));
    }

    #[test]
    fn bad_encodings_are_errors() {
        for bad in ["a=%", "a=%4", "a=%zz", "%=1", "a=%+1", "a=%C3%"] {
            assert_eq!(read(bad), Err(EncodingError::Percent), "{bad}");
        }
        for bad in ["a=%FF", "%C3=1", "a=%ED%A0%80"] {
            assert_eq!(read(bad), Err(EncodingError::Utf8), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_survives_encoding_of_every_byte(name in "[^\0]{1,9}", value in any::<String>()) {
            use std::fmt::Write;
            let encode = |text: &str| text.bytes().fold(String::new(), |mut encoded, byte| {
                write!(encoded, "%{byte:02x}").unwrap();
                encoded
            });
            let encoded = format!("{}={}", encode(&name), encode(&value));
            prop_assert_eq!(read(&encoded), Ok(vec![(name, value)]));
        }

        #[test]
        fn any_bytes_are_answered(bytes in any::<Vec<u8>>()) {
            let _ = pairs(&bytes).count();
        }
    }
}
