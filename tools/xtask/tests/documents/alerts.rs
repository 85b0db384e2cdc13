//! Every alert has its section in docs/operations/alerts.md.

use std::fs;
use std::path::Path;

use serde_json::Value;
use stack::workspace_root;

use crate::document::Document;

#[test]
fn each_alert_has_its_section_and_no_section_is_left_over() {
    let path = workspace_root().join("deploy/prometheus/alerts.yaml");
    let alerts: Value = serde_saphyr::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let groups = alerts["groups"].as_array().unwrap().iter();
    let rules = groups.flat_map(|group| group["rules"].as_array().unwrap());
    let alerts: Vec<_> = rules.map(|rule| rule["alert"].as_str().unwrap()).collect();

    let document = Document::read(Path::new("docs/operations/alerts.md"));

    // Its first heading is its title.
    assert_eq!(document.headings[1..], alerts);
    assert!(alerts.len() > 10, "{alerts:?}");
}
