//! One line with a value.

use std::collections::BTreeMap;

/// The values of labels by their names.
pub type Labels = BTreeMap<String, String>;

/// A sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Its name, with the suffix that its kind has.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// Its value.
    pub value: f64,
}

impl Sample {
    /// Reads a line.
    pub(super) fn read(line: &str) -> Self {
        let name_end = line.find(['{', ' ']).expect(line);
        let (name, rest) = line.split_at(name_end);
        assert_name(name, line);
        let (labels, value) = match rest.strip_prefix('{') {
            Some(rest) => read_labels(rest, line),
            None => (Labels::new(), rest),
        };
        let value = value.strip_prefix(' ').expect(line);
        assert!(
            value.bytes().all(|byte| b"+-.0123456789eE".contains(&byte)),
            "{line}: neither NaN nor an infinity is a value of ours"
        );
        Self {
            name: name.to_owned(),
            labels,
            value: value.parse().expect(line),
        }
    }
}

/// Reads labels behind their opening brace; answers what is behind the closing one, too.
fn read_labels<'a>(mut rest: &'a str, line: &str) -> (Labels, &'a str) {
    let mut labels = Labels::new();
    loop {
        let (name, behind) = rest.split_once("=\"").expect(line);
        assert_name(name, line);
        assert!(!name.contains(':'), "{line}");
        let (value, behind) = read_value(behind, line);
        let before = labels.insert(name.to_owned(), value);
        assert!(before.is_none(), "{line}: {name} twice");
        if let Some(behind) = behind.strip_prefix('}') {
            return (labels, behind);
        }
        rest = behind.strip_prefix(',').expect(line);
    }
}

/// Reads a label's value behind its opening quote; answers what is behind the closing one, too.
fn read_value<'a>(text: &'a str, line: &str) -> (String, &'a str) {
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((index, letter)) = letters.next() {
        match letter {
            '"' => return (value, &text[index + 1..]),
            '\\' => value.push(match letters.next().expect(line).1 {
                'n' => '\n',
                escaped @ ('\\' | '"') => escaped,
                other => panic!("{line}: \\{other} is no escape"),
            }),
            letter => value.push(letter),
        }
    }
    panic!("{line}: a value without an end")
}

/// Makes sure that `name` is one (`metricname`, section "ABNF").
pub(super) fn assert_name(name: &str, line: &str) {
    let is_letter = |letter: char| letter.is_ascii_alphabetic() || "_:".contains(letter);
    let is_name = name.starts_with(is_letter)
        && name
            .chars()
            .all(|letter| is_letter(letter) || letter.is_ascii_digit());
    assert!(is_name, "{line}: {name:?} is no name");
}
