//! What docs/security.md claims: that every requirement has its line, and that the tests it names exist.

use std::collections::BTreeSet;
use std::fs;

use stack::workspace_root;

use crate::tracked;

/// The requirements of levels 1 and 2 in V4, V6, V7 and V9 of ASVS 5.0: chapter and section, and how the
/// numbers in it run.
const REQUIREMENTS: [(&str, u32); 19] = [
    ("4.1", 3),
    ("4.2", 1),
    ("4.3", 2),
    ("4.4", 4),
    ("6.1", 3),
    ("6.2", 12),
    ("6.3", 4),
    ("6.4", 4),
    ("6.5", 5),
    ("6.6", 3),
    ("6.8", 4),
    ("7.1", 3),
    ("7.2", 4),
    ("7.3", 2),
    ("7.4", 5),
    ("7.5", 2),
    ("7.6", 2),
    ("9.1", 3),
    ("9.2", 4),
];

fn document() -> String {
    fs::read_to_string(workspace_root().join("docs/security.md")).unwrap()
}

/// The cells of each line of the table of requirements.
fn rows(document: &str) -> Vec<Vec<&str>> {
    document
        .lines()
        .filter(|line| line.starts_with("| ") && line.matches(" | ").count() >= 3)
        .map(|line| line.split('|').skip(1).map(str::trim).collect())
        .collect()
}

#[test]
fn every_requirement_has_its_line() {
    let document = document();
    let named: Vec<&str> = document
        .split(|character: char| !character.is_ascii_digit() && character != '.')
        .filter(|word| word.split('.').filter(|part| !part.is_empty()).count() == 3)
        .collect();
    for (section, last) in REQUIREMENTS {
        for number in 1..=last {
            let requirement = format!("{section}.{number}");
            let count = named.iter().filter(|word| **word == requirement).count();
            assert!(count > 0, "{requirement} is neither met nor excused");
        }
    }
}

#[test]
fn every_test_that_is_named_exists() {
    let mut code = String::new();
    for file in tracked("*.rs") {
        code += &fs::read_to_string(workspace_root().join(file)).unwrap();
    }
    let document = document();
    let named: BTreeSet<&str> = rows(&document)
        .iter()
        .filter_map(|cells| cells.get(3))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    assert!(named.len() > 30, "{named:?}");
    for name in named {
        let found = [format!("fn {name}()"), format!("fn {name}(\n")];
        assert!(
            found.iter().any(|signature| code.contains(signature)),
            "docs/security.md names the test {name}, which does not exist"
        );
    }
}
