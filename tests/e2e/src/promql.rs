//! Which metrics and labels a PromQL expression asks for.

use std::iter::Peekable;
use std::str::Chars;

/// Words of the language that are followed by labels in parentheses.
const BEFORE_LABELS: [&str; 6] = [
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
];

/// Words of the language that stand alone.
const ALONE: [&str; 5] = ["and", "or", "unless", "bool", "offset"];

/// What an expression asks for.
#[derive(Debug, Default, PartialEq)]
pub struct PromQl {
    /// The metrics, each with its conditions.
    pub selectors: Vec<Selector>,
    /// The labels that values are put together by.
    pub labels: Vec<String>,
}

/// A metric with conditions.
#[derive(Debug, PartialEq)]
pub struct Selector {
    /// Its name.
    pub metric: String,
    /// For each condition the label, the operator and the value.
    pub conditions: Vec<(String, String, String)>,
}

impl PromQl {
    /// Reads an expression.
    pub fn read(expression: &str) -> Self {
        let tokens = tokens(expression);
        let mut tokens = tokens.into_iter().peekable();
        let mut found = Self::default();
        while let Some(token) = tokens.next() {
            let Token::Word(word) = token else {
                continue;
            };
            if BEFORE_LABELS.contains(&&*word) {
                if tokens.next_if(|next| next.is("(")).is_some() {
                    let inside = tokens.by_ref().take_while(|token| !token.is(")"));
                    found.labels.extend(inside.filter_map(Token::word));
                }
            } else if !ALONE.contains(&&*word)
                && !tokens.peek().is_some_and(Token::follows_function)
            {
                let mut conditions = Vec::new();
                if tokens.next_if(|next| next.is("{")).is_some() {
                    conditions = read_conditions(&mut tokens);
                }
                let metric = word;
                found.selectors.push(Selector { metric, conditions });
            }
        }
        found
    }
}

fn read_conditions(tokens: &mut impl Iterator<Item = Token>) -> Vec<(String, String, String)> {
    let mut conditions = Vec::new();
    loop {
        match tokens.next() {
            Some(Token::Word(label)) => {
                let (Some(Token::Sign(operator)), Some(Token::Text(value))) =
                    (tokens.next(), tokens.next())
                else {
                    panic!("{label} is compared with no text");
                };
                conditions.push((label, operator, value));
            }
            Some(token) if token.is(",") => {}
            Some(token) if token.is("}") => return conditions,
            other => panic!("{other:?} among conditions"),
        }
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    /// A name, or a word of the language.
    Word(String),
    /// A text in quotes.
    Text(String),
    /// A number or a duration.
    Number,
    /// Anything else.
    Sign(String),
}

impl Token {
    fn is(&self, sign: &str) -> bool {
        matches!(self, Self::Sign(text) if text == sign)
    }

    /// Whether a word before it is a function's or an aggregation's name.
    fn follows_function(&self) -> bool {
        self.is("(") || matches!(self, Self::Word(word) if word == "by" || word == "without")
    }

    fn word(self) -> Option<String> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }
}

fn tokens(expression: &str) -> Vec<Token> {
    let is_inside = |letter: char| letter.is_ascii_alphanumeric() || "_:".contains(letter);
    let mut letters = expression.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(letter) = letters.next() {
        tokens.push(match letter {
            letter if letter.is_whitespace() => continue,
            '"' => Token::Text(text(&mut letters)),
            letter if letter.is_ascii_digit() || letter == '.' => {
                run(letter, &mut letters, |next| is_inside(next) || next == '.');
                Token::Number
            }
            letter if is_inside(letter) => Token::Word(run(letter, &mut letters, is_inside)),
            letter if "=!~<>".contains(letter) => {
                let is_operator = |next| "=~".contains(next);
                Token::Sign(run(letter, &mut letters, is_operator))
            }
            letter => Token::Sign(letter.into()),
        });
    }
    tokens
}

fn text(letters: &mut Peekable<Chars<'_>>) -> String {
    let mut text = String::new();
    loop {
        match letters.next().expect("a closing quote") {
            '"' => return text,
            '\\' => text.push(letters.next().expect("an escaped letter")),
            letter => text.push(letter),
        }
    }
}

fn run(first: char, letters: &mut Peekable<Chars<'_>>, is_inside: impl Fn(char) -> bool) -> String {
    let mut text = String::from(first);
    while let Some(letter) = letters.next_if(|next| is_inside(*next)) {
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selector(metric: &str, conditions: &[(&str, &str, &str)]) -> Selector {
        let owned = |(label, operator, value): &(&str, &str, &str)| {
            let [label, operator, value] = [*label, *operator, *value].map(str::to_owned);
            (label, operator, value)
        };
        Selector {
            metric: metric.to_owned(),
            conditions: conditions.iter().map(owned).collect(),
        }
    }

    #[test]
    fn metrics_conditions_and_labels_are_found() {
        let found = PromQl::read(
            r#"histogram_quantile(0.99, sum by (le, server) (rate(a_bucket{b="x", c=~"5.."}[5m])))
               / on (server) 1.5e3 * d:e > bool 1 and absent(f{g!="\"}"})"#,
        );
        assert_eq!(
            found.selectors,
            [
                selector("a_bucket", &[("b", "=", "x"), ("c", "=~", "5..")]),
                selector("d:e", &[]),
                selector("f", &[("g", "!=", "\"}")]),
            ]
        );
        assert_eq!(found.labels, ["le", "server", "server"]);
    }
}
