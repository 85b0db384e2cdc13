//! What `spin.toml` says: variables, allowed hosts, routes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use stack::workspace_root;

#[test]
fn the_components_are_told_every_variable_and_no_other() {
    let manifest = manifest();
    let declared: BTreeSet<&str> = manifest["variables"]
        .as_table()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let documented: BTreeSet<&str> = xtask::generate::settings::SETTINGS
        .iter()
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(declared, documented);

    let mut used = BTreeSet::new();
    for (name, component) in manifest["component"].as_table().unwrap() {
        for (variable, template) in component["variables"].as_table().unwrap() {
            let expected = format!("{{{{ {variable} }}}}");
            assert_eq!(
                template.as_str(),
                Some(expected.as_str()),
                "{name}.{variable}"
            );
            used.insert(variable.as_str());
        }
        let hosts: Vec<&str> = component["allowed_outbound_hosts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|host| host.as_str().unwrap())
            .collect();
        let mut expected = vec![
            "{{ database_address }}",
            "{{ replica_address }}",
            "{{ redis_address }}",
        ];
        if component["variables"].get("template_service_url").is_some() {
            expected.push("{{ template_service_address }}");
        }
        if component["variables"]
            .get("breached_passwords_url")
            .is_some()
        {
            expected.push("{{ breached_passwords_address }}");
        }
        // Only who is told where the broker is may connect to it.
        if component["variables"].get("mqtt_url").is_some() {
            expected.push("{{ mqtt_address }}");
            expected.push("{{ webhook_address }}");
        }
        assert_eq!(hosts, expected, "{name}");
    }
    used.extend([
        "database_address",
        "replica_address",
        "redis_address",
        "mqtt_address",
        "template_service_address",
        "breached_passwords_address",
        "webhook_address",
    ]);
    assert_eq!(used, declared);
}

#[test]
fn what_the_stack_sets_is_declared_and_the_addresses_agree_with_the_urls() {
    let manifest = manifest();
    let declared = manifest["variables"].as_table().unwrap();
    // Spin compares the host and port of the URL with those of the address as they stand.
    let url = stack::component_database_url("postgresql://me:secret@db.example/users").unwrap();
    let address = stack::database_address(&url).unwrap();
    let server = address.strip_prefix("postgres://").unwrap();
    assert!(
        url.starts_with("postgres://") && url.contains(&format!("@{server}/")),
        "{url}"
    );
    for (url, address) in [("redis://c.example", "redis://c.example:6379"), ("", "")] {
        assert_eq!(stack::redis_address(url).unwrap(), address);
    }
    for (url, address) in [("http://t.example/x", "http://t.example:80"), ("", "")] {
        assert_eq!(stack::service_address(url).unwrap(), address);
    }
    for (url, address) in [
        ("mqtt://u:p@m.example:1883", "mqtt://m.example:1883"),
        ("", ""),
    ] {
        assert_eq!(stack::mqtt_address(url).unwrap(), address);
    }
    for name in stack::SERVER_VARIABLES {
        assert!(declared.contains_key(name), "{name}");
    }
}

#[test]
fn the_connections_of_a_host_are_counted_as_they_are() {
    // Spin keeps so many for each component that has a database.
    const KEPT: usize = 64;
    let manifest = manifest();
    let components = manifest["component"].as_table().unwrap();
    let with_database = components
        .values()
        .filter(|component| component["variables"].get("database_url").is_some());
    let number = with_database.count();
    let text = fs::read_to_string(workspace_root().join("docs/operations.md")).unwrap();
    let expected = format!("{KEPT} × {number} = {}", KEPT * number);
    assert!(text.contains(&expected), "{expected}");
}

#[test]
fn every_route_answers_with_and_without_its_trailing_slash() {
    let routes = triggers();
    assert!(
        routes.contains_key("/..."),
        "there must be a route for every other URL"
    );
    for (route, component) in &routes {
        let path = route.strip_suffix("/...").unwrap_or(route);
        let path = path.strip_suffix('/').unwrap_or(path);
        for path in [path, &format!("{path}/")] {
            assert_eq!(component_of(&routes, path), Some(&**component), "{path}");
        }
    }
}

/// The routes of the manifest's triggers, each with its component.
pub(crate) fn triggers() -> BTreeMap<String, String> {
    let manifest = manifest();
    let triggers = manifest["trigger"]["http"].as_array().unwrap();
    let text = |trigger: &toml::Value, name| trigger[name].as_str().unwrap().to_owned();
    triggers
        .iter()
        .map(|trigger| (text(trigger, "route"), text(trigger, "component")))
        .collect()
}

/// The component that `path` leads to by `routes`: its own, or the longest one that ends with dots.
pub(crate) fn component_of<'a>(
    routes: &'a BTreeMap<String, String>,
    path: &str,
) -> Option<&'a str> {
    let exact = routes.get(path).map(String::as_str);
    exact.or_else(|| {
        let wildcards = routes.iter().filter_map(|(route, component)| {
            let prefix = route.strip_suffix("/...")?;
            let below = path.strip_prefix(prefix)?;
            (below.is_empty() || below.starts_with('/')).then_some((prefix.len(), component))
        });
        wildcards.max().map(|(_, component)| component.as_str())
    })
}

/// `spin.toml`.
pub(crate) fn manifest() -> toml::Table {
    fs::read_to_string(workspace_root().join("spin.toml"))
        .unwrap()
        .parse()
        .unwrap()
}
