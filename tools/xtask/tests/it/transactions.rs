//! One write is one statement: nobody begins or ends a transaction.

use std::fs;

use stack::workspace_root;

use crate::tracked;

/// What begins, divides and ends transactions. `end` does so, too, but it has other uses.
const TRANSACTION_WORDS: [&str; 7] = [
    "abort",
    "begin",
    "commit",
    "rollback",
    "savepoint",
    "start transaction",
    "transaction",
];

#[test]
fn no_query_begins_or_ends_a_transaction() {
    let mut files = tracked("*.sql");
    assert!(files.len() > 10);
    // sqlx wraps each migration in a transaction; a body of PL/pgSQL, which is quoted, has its own.
    for file in &files {
        let text = fs::read_to_string(workspace_root().join(file)).unwrap();
        let word = transaction_word(&bare_sql(&text)).map(str::to_owned);
        assert_eq!(word, None, "{}", file.display());
    }
    files = tracked("components/**/*.rs");
    files.extend(tracked("crates/**/*.rs"));
    for file in &files {
        let text = fs::read_to_string(workspace_root().join(file))
            .unwrap()
            .to_lowercase();
        for word in TRANSACTION_WORDS {
            let begin = format!("\"{word}");
            let mut strings = text.split(&begin).skip(1);
            assert!(
                !strings.any(|rest| !rest.starts_with(|next: char| next.is_alphanumeric())),
                "{} has a string that begins with {word}",
                file.display()
            );
        }
    }
}

#[test]
fn transaction_words_are_found_where_they_count() {
    for sql in [
        "BEGIN; select 1",
        "select 1;\ncommit",
        "start transaction",
        "/* a */ Rollback",
        "select 1; abort",
        "savepoint a",
        "prepare transaction 'a'",
    ] {
        assert!(transaction_word(&bare_sql(sql)).is_some(), "{sql}");
    }
    for sql in [
        "-- begin\nselect 1",
        "select 'begin' /* commit */",
        "select \"begin\" from beginnings",
        "create function f() returns int language plpgsql as $$ begin return 1; end $$",
        "do $body$ begin null; end $body$",
        "select $1, 'it''s commit'",
    ] {
        assert_eq!(transaction_word(&bare_sql(sql)), None, "{sql}");
    }
}

/// `sql` without comments and without what is quoted.
fn bare_sql(sql: &str) -> String {
    let mut bare = String::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("--") {
            rest.find('\n')
        } else if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 2)
        } else if first == '\'' || first == '"' {
            rest[1..].find(first).map(|end| end + 2)
        } else if let Some(mark) = dollar_quote(rest) {
            rest[mark.len()..]
                .find(mark)
                .map(|end| end + 2 * mark.len())
        } else {
            bare.push(first);
            Some(first.len_utf8())
        };
        rest = &rest[skipped.unwrap_or(rest.len())..];
    }
    bare
}

/// The mark, `$$` or `$name$`, that `sql` begins with.
fn dollar_quote(sql: &str) -> Option<&str> {
    let end = sql.strip_prefix('$')?.find('$')? + 2;
    let name = &sql[1..end - 1];
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let is_parameter = name.starts_with(|c: char| c.is_ascii_digit());
    (is_name && !is_parameter).then_some(&sql[..end])
}

fn transaction_word(bare: &str) -> Option<&str> {
    bare.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .find(|word| TRANSACTION_WORDS.contains(&word.to_lowercase().as_str()))
}
