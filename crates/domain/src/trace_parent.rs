//! Which distributed trace a request is part of (W3C Trace Context, level 2).

use std::fmt;

/// The flags that are defined: sampled, and random trace id. Others are not passed on (section
/// 3.2.2.5.3).
const KNOWN_FLAGS: u8 = 0b11;

/// The value of a header `traceparent`: a trace, and the span in it that is the parent of what comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    trace_id: [u8; 16],
    parent_id: [u8; 8],
    flags: u8,
}

impl TraceParent {
    /// Reads the values of a request's headers `traceparent`; nothing if there is not exactly one, or
    /// it is invalid, and so has to be ignored (section 3.2.2.3).
    pub fn parse<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut values = values.into_iter();
        let value = values.next()?.trim_matches([' ', '\t']);
        if values.next().is_some() {
            return None;
        }
        let mut parts = value.split('-');
        let [version] = bytes(parts.next()?)?;
        let trace_id = bytes(parts.next()?)?;
        let parent_id = bytes(parts.next()?)?;
        let [flags] = bytes(parts.next()?)?;
        // A later version may have more, which is not understood and not passed on.
        let is_known_form = version != 0xff && (version > 0 || parts.next().is_none());
        let is_valid = trace_id != [0; 16] && parent_id != [0; 8];
        (is_known_form && is_valid).then_some(Self {
            trace_id,
            parent_id,
            flags: flags & KNOWN_FLAGS,
        })
    }

    /// The same trace with the span `parent_id` as the parent; what is no identifier, all zeros, is
    /// made one.
    #[must_use]
    pub fn with_parent(self, mut parent_id: [u8; 8]) -> Self {
        if parent_id == [0; 8] {
            parent_id[7] = 1;
        }
        Self { parent_id, ..self }
    }

    /// The trace's identifier, as 32 hex digits.
    pub fn trace_id(&self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.trace_id))
    }

    /// The parent's identifier, as 16 hex digits.
    pub fn parent_id(&self) -> String {
        format!("{:016x}", u64::from_be_bytes(self.parent_id))
    }
}

/// As version 00 writes it.
impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let trace_id = u128::from_be_bytes(self.trace_id);
        let parent_id = u64::from_be_bytes(self.parent_id);
        write!(f, "00-{trace_id:032x}-{parent_id:016x}-{:02x}", self.flags)
    }
}

/// `N` bytes as exactly `2 N` hex digits in lower case.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let is_hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != 2 * N || !text.as_bytes().iter().all(is_hex) {
        return None;
    }
    let mut bytes = [0; N];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const SPAN: &str = "b7ad6b7169203331";

    fn read(value: &str) -> Option<String> {
        TraceParent::parse([value]).map(|parent| parent.to_string())
    }

    #[test]
    fn the_examples_of_the_specification_are_read() {
        // Sections 3.2.2.5 and 3.2.3, and the validation suite's.
        for value in [
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
            "00-12345678901234567890123456789012-1234567890123456-03",
        ] {
            assert_eq!(read(value).as_deref(), Some(value));
        }
    }

    #[test]
    fn its_parts_are_known() {
        let parent = TraceParent::parse([&*format!("00-{TRACE}-{SPAN}-01")]).expect("valid");
        assert_eq!(parent.trace_id(), TRACE);
        assert_eq!(parent.parent_id(), SPAN);
    }

    #[test]
    fn white_space_around_it_is_no_part_of_it() {
        let expected = format!("00-{TRACE}-{SPAN}-01");
        assert_eq!(read(&format!(" \t{expected}\t ")), Some(expected));
    }

    #[test]
    fn unknown_flags_are_not_passed_on() {
        for (flags, passed_on) in [("ff", "03"), ("fc", "00"), ("09", "01")] {
            let expected = format!("00-{TRACE}-{SPAN}-{passed_on}");
            assert_eq!(read(&format!("00-{TRACE}-{SPAN}-{flags}")), Some(expected));
        }
    }

    #[test]
    fn a_later_version_is_read_as_far_as_it_is_known() {
        let expected = Some(format!("00-{TRACE}-{SPAN}-01"));
        for value in [
            format!("01-{TRACE}-{SPAN}-01"),
            format!("cc-{TRACE}-{SPAN}-01"),
            format!("cc-{TRACE}-{SPAN}-01-what-the-future-will-be-like"),
            format!("fe-{TRACE}-{SPAN}-01-"),
        ] {
            assert_eq!(read(&value), expected, "{value}");
        }
    }

    #[test]
    fn what_is_invalid_is_ignored() {
        let (no_trace, no_span) = ("0".repeat(32), "0".repeat(16));
        for value in [
            String::new(),
            "00".into(),
            format!("ff-{TRACE}-{SPAN}-01"),
            format!("00-{no_trace}-{SPAN}-01"),
            format!("00-{TRACE}-{no_span}-01"),
            format!("00-{TRACE}-{SPAN}-01-"),
            format!("00-{TRACE}-{SPAN}-01-what-the-future-will-be-like"),
            format!("cc-{TRACE}-{SPAN}-01.what-the-future-will-be-like"),
            format!("00-{TRACE}-{SPAN}-1"),
            format!("00-{TRACE}-{SPAN}-001"),
            format!("00-{TRACE}-{SPAN}-.0"),
            format!("00-{TRACE}-{SPAN}"),
            format!("0-{TRACE}-{SPAN}-01"),
            format!(".0-{TRACE}-{SPAN}-01"),
            format!("00-{}-{SPAN}-01", TRACE.to_uppercase()),
            format!("00-{TRACE}-{}-01", SPAN.to_uppercase()),
            format!("00-{}-{SPAN}-01", &TRACE[1..]),
            format!("00-{TRACE}0-{SPAN}-01"),
            format!("00-.{}-{SPAN}-01", &TRACE[1..]),
            format!("00-{TRACE}-{}-01", &SPAN[1..]),
            format!("00-{TRACE}-{SPAN}0-01"),
            format!("00_{TRACE}_{SPAN}_01"),
            format!("00-é{}-{SPAN}-01", &TRACE[2..]),
        ] {
            assert_eq!(read(&value), None, "{value}");
        }
    }

    #[test]
    fn two_of_them_are_none() {
        let value = &*format!("00-{TRACE}-{SPAN}-01");
        assert_eq!(TraceParent::parse([value, value]), None);
        assert_eq!(TraceParent::parse([]), None);
    }

    #[test]
    fn a_new_parent_stays_in_the_trace() {
        let parent = TraceParent::parse([&*format!("00-{TRACE}-{SPAN}-01")]).expect("valid");
        let child = parent.with_parent([1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(child.to_string(), format!("00-{TRACE}-0102030405060708-01"));
        let zeros = parent.with_parent([0; 8]);
        assert_eq!(zeros.parent_id(), "0000000000000001");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same(text in ".{0,60}", trace: u128, span: u64, flags in 0_u8..4) {
            let _ = read(&text);
            prop_assume!(trace != 0 && span != 0);
            let value = format!("00-{trace:032x}-{span:016x}-{flags:02x}");
            prop_assert_eq!(read(&value), Some(value.clone()));
        }
    }
}
