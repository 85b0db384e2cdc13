//! `openapi.json` describes the routes that there are: those of the components' routers, which the URLs
//! of `spin.toml` lead to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use stack::workspace_root;

use crate::manifest::{component_of, triggers};

/// The methods that a router may take, by the names of axum's functions.
const METHODS: [(&str, &str); 5] = [
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
];

#[test]
fn the_description_has_the_routes_of_the_routers_and_no_others() {
    let routed: BTreeSet<String> = routes().into_keys().collect();
    assert!(routed.len() > 50, "{routed:?}");
    let described = described();
    let undescribed: Vec<_> = routed.difference(&described).collect();
    assert!(
        undescribed.is_empty(),
        "not in openapi.json: {undescribed:?}"
    );
    let missing: Vec<_> = described.difference(&routed).collect();
    assert!(
        missing.is_empty(),
        "in openapi.json, and in no router: {missing:?}"
    );
}

#[test]
fn the_urls_of_the_manifest_lead_to_the_routes() {
    let routes = routes();
    let triggers = triggers();
    for (route, component) in &routes {
        let (_, path) = route.split_once(' ').unwrap();
        assert_eq!(
            component_of(&triggers, path),
            Some(component.as_str()),
            "{route}"
        );
    }
    let described = described();
    let paths: BTreeSet<&str> = described
        .iter()
        .map(|route| route.split_once(' ').unwrap().1)
        .collect();
    for trigger in triggers.keys().filter(|trigger| *trigger != "/...") {
        let leads_somewhere = match trigger.strip_suffix("/...") {
            Some(prefix) => paths.iter().any(|path| path.starts_with(prefix)),
            None => paths.contains(trigger.strip_suffix('/').unwrap_or(trigger)),
        };
        assert!(
            leads_somewhere,
            "{trigger} of spin.toml leads to nothing in openapi.json"
        );
    }
}

#[test]
fn a_router_is_read_as_it_is_written() {
    let text = r#"
        Router::new()
            .route("/a", get(show))
            .route(
                "/a/{id}",
                get(list::get)
                    .put(list::update)
                    .delete(list::delete),
            )
            .route("/b", post(things::post)).fallback(delete)
    "#;
    let expected = [
        "GET /a",
        "GET /a/{id}",
        "PUT /a/{id}",
        "DELETE /a/{id}",
        "POST /b",
    ];
    assert_eq!(routes_in(text), expected);
}

/// Each route of `openapi.json`.
fn described() -> BTreeSet<String> {
    let text = fs::read_to_string(workspace_root().join("openapi.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let mut routes = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let names = item.as_object().unwrap().keys();
        let methods = names.filter(|name| *name != "parameters");
        routes.extend(methods.map(|name| format!("{} {path}", name.to_uppercase())));
    }
    routes
}

/// Each route of the routers, with its component.
fn routes() -> BTreeMap<String, String> {
    let components = workspace_root().join("components");
    let mut routes = BTreeMap::new();
    for folder in components.read_dir().unwrap() {
        let folder = folder.unwrap();
        let component = folder.file_name().into_string().unwrap();
        let text = fs::read_to_string(folder.path().join("src/lib.rs")).unwrap();
        for route in routes_in(&text) {
            routes.insert(route, component.clone());
        }
    }
    routes
}

/// The routes that the text of a router names.
fn routes_in(text: &str) -> Vec<String> {
    let mut routes = Vec::new();
    for call in text.split(".route(").skip(1) {
        let mut parts = call.splitn(3, '"');
        let (Some(_), Some(path), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            continue;
        };
        let handlers = &rest[..end_of_call(rest)];
        for (name, method) in METHODS {
            if is_called(handlers, name) {
                routes.push(format!("{method} {path}"));
            }
        }
    }
    routes
}

/// Where the parenthesis closes that was open before `text`.
fn end_of_call(text: &str) -> usize {
    let mut depth = 1;
    for (index, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    text.len()
}

/// Whether the function `name` itself is called in `text`, and not one of that name in a module.
fn is_called(text: &str, name: &str) -> bool {
    let call = format!("{name}(");
    text.match_indices(&call).any(|(index, _)| {
        let before = text[..index].chars().next_back();
        before.is_none_or(|before| !(before.is_alphanumeric() || "_:".contains(before)))
    })
}
