//! Which package may depend on which.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use stack::workspace_root;

use crate::tracked;

#[test]
fn dependencies_point_from_components_over_crates_to_domain() {
    let packages = packages();
    let folder_of = |name: &str| packages[name].0.as_str();
    for (name, (folder, dependencies)) in &packages {
        for dependency in dependencies {
            let target = folder_of(dependency);
            let allowed = match folder.as_str() {
                "components" => target == "crates",
                "crates" => match name.as_str() {
                    "domain" | "telemetry" => false,
                    // What is remembered of other services is in the store.
                    "outbound" => ["domain", "store", "telemetry"].contains(&dependency.as_str()),
                    // `api` is what components see of everything; nothing else is above another.
                    "api" => target == "crates",
                    _ => ["domain", "telemetry"].contains(&dependency.as_str()),
                },
                // A client knows what goes over the wire, and nothing else.
                "clients" => false,
                "tests" | "tools" => target != "components",
                other => panic!("{name} is in the unknown folder {other}"),
            };
            assert!(
                allowed,
                "{folder}/{name} must not depend on {target}/{dependency}"
            );
        }
    }
}

#[test]
fn only_the_crates_that_wrap_it_depend_on_spin() {
    let allowed = [
        "api",
        "outbound",
        "store",
        "telemetry",
        "auth",
        "sessions",
        "users",
        "services",
        "admin",
        "ops",
        "guest",
        "hello",
        "host",
    ];
    for package in metadata()["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let dependencies = package["dependencies"].as_array().unwrap();
        let uses_spin = dependencies
            .iter()
            .any(|dependency| dependency["name"] == "spin-sdk");
        assert!(
            !uses_spin || allowed.contains(&name),
            "{name} must not know Spin"
        );
    }
}

#[test]
fn only_store_names_the_interfaces_of_servers() {
    let mut files = tracked("components/**/*.rs");
    files.extend(tracked("crates/**/*.rs"));
    for file in &files {
        let text = fs::read_to_string(workspace_root().join(file)).unwrap();
        let named = servers_interface(&text);
        assert!(
            named.is_none() || file.starts_with("crates/store"),
            "{} names spin_sdk::{}; only `store` may",
            file.display(),
            named.unwrap_or_default()
        );
    }
}

#[test]
fn an_interface_of_servers_is_found_however_it_is_named() {
    for (text, interface) in [
        ("use spin_sdk::pg::Connection;", "pg"),
        ("use spin_sdk::{http, redis};", "redis"),
        (
            "use spin_sdk::{\n    http::{Request, Response},\n    mqtt,\n};",
            "mqtt",
        ),
        ("fn f(row: &spin_sdk::pg::Row) {}", "pg"),
    ] {
        assert_eq!(servers_interface(text), Some(interface), "{text}");
    }
    for text in [
        "use spin_sdk::http_service;",
        "use spin_sdk::{http, time};\nuse store::redis;",
        "use spin_sdk::wasip3::spawn;",
    ] {
        assert_eq!(servers_interface(text), None, "{text}");
    }
}

/// The interface of PostgreSQL, Redis or MQTT that `text` takes from Spin's SDK.
fn servers_interface(text: &str) -> Option<&str> {
    let paths = text.split("spin_sdk::").skip(1);
    let mut words = paths.flat_map(|rest| {
        // A list in braces counts to its end, anything else to the end of the first name.
        let end = match rest.strip_prefix('{') {
            Some(list) => list.find(';').map(|end| end + 1),
            None => rest.find(|c: char| !(c.is_alphanumeric() || c == '_')),
        };
        rest[..end.unwrap_or(rest.len())].split(|c: char| !(c.is_alphanumeric() || c == '_'))
    });
    words.find(|word| ["pg", "redis", "mqtt"].contains(word))
}

/// Each package of the workspace: the folder that it is in, and the others that it depends on.
fn packages() -> BTreeMap<String, (String, Vec<String>)> {
    let metadata = metadata();
    let list = metadata["packages"].as_array().unwrap();
    list.iter()
        .map(|package| {
            let manifest = Path::new(package["manifest_path"].as_str().unwrap());
            let below = manifest
                .strip_prefix(metadata["workspace_root"].as_str().unwrap())
                .unwrap();
            let folder = below.iter().next().unwrap().to_str().unwrap();
            let dependencies = package["dependencies"].as_array().unwrap();
            let own = dependencies
                .iter()
                .filter(|dependency| dependency["path"].is_string())
                .map(|dependency| dependency["name"].as_str().unwrap().to_owned());
            (
                package["name"].as_str().unwrap().to_owned(),
                (folder.to_owned(), own.collect()),
            )
        })
        .collect()
}

fn metadata() -> Value {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(workspace_root())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}
