//! The images and the compose file: they are of this version, set what the components need, and mount
//! what is there.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use stack::workspace_root;

use crate::kubernetes::documents;
use crate::manifest;

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn compose_sets_variables_of_the_manifest_and_all_that_are_required() {
    let manifest = manifest::manifest();
    let declared = manifest["variables"].as_table().unwrap();
    let compose = compose();
    let environment = compose["services"]["service"]["environment"]
        .as_object()
        .unwrap();
    let set: BTreeSet<String> = environment
        .keys()
        .map(|name| name.strip_prefix("SPIN_VARIABLE_").unwrap().to_lowercase())
        .collect();
    for name in &set {
        assert!(
            declared.contains_key(name),
            "{name} is no variable of spin.toml"
        );
    }
    for (name, variable) in declared {
        assert!(
            variable.get("default").is_some() || set.contains(name),
            "{name} has no default, and compose.yaml does not set it"
        );
    }
    // Spin compares the addresses with the URLs as they stand.
    let text = |name: &str| environment[name].as_str().unwrap();
    for (url, address) in [
        ("DATABASE_URL", "DATABASE_ADDRESS"),
        ("DATABASE_REPLICA_URLS", "REPLICA_ADDRESS"),
        ("REDIS_URL", "REDIS_ADDRESS"),
        ("MQTT_URL", "MQTT_ADDRESS"),
    ] {
        let address = text(&format!("SPIN_VARIABLE_{address}"));
        let (scheme, server) = address.split_once("://").unwrap();
        let url = text(&format!("SPIN_VARIABLE_{url}"));
        assert!(url.starts_with(&format!("{scheme}://")), "{url}");
        assert!(url.contains(&format!("@{server}")), "{url}");
    }
}

#[test]
fn every_secret_that_compose_needs_is_made() {
    let text = read("deploy/compose/compose.yaml");
    let script = read("deploy/compose/secrets.sh");
    let used: BTreeSet<&str> = text
        .split("${")
        .skip(1)
        .map(|rest| rest.split('}').next().unwrap())
        .filter(|variable| !variable.contains(":-"))
        .map(|variable| variable.split(':').next().unwrap())
        .collect();
    assert!(used.len() > 5, "{used:?}");
    for name in used {
        assert!(script.contains(name), "secrets.sh does not make {name}");
    }
}

#[test]
fn compose_mounts_what_is_there_and_waits_for_what_is_healthy() {
    let compose = compose();
    let services = compose["services"].as_object().unwrap();
    let folder = workspace_root().join("deploy/compose");
    for (name, service) in services {
        for volume in service["volumes"].as_array().into_iter().flatten() {
            let source = volume.as_str().unwrap().split(':').next().unwrap();
            // The certificate is made by secrets.sh.
            if source.starts_with('.') && source != "./tls" {
                assert!(folder.join(source).is_file(), "{name}: {source}");
            }
        }
        for (needed, how) in service["depends_on"].as_object().into_iter().flatten() {
            let built_to_be_asked = needed == "service";
            match how["condition"].as_str().unwrap() {
                "service_healthy" => assert!(
                    built_to_be_asked || services[needed]["healthcheck"]["test"].is_array(),
                    "{name} waits for {needed}, which nobody asks how it is"
                ),
                condition => assert_eq!(condition, "service_completed_successfully", "{name}"),
            }
        }
    }
    let image = read("deploy/container/Containerfile");
    assert!(image.contains("HEALTHCHECK"), "{image}");
    assert!(image.contains("/health/ready"), "{image}");
}

#[test]
fn the_database_has_room_for_the_hosts_that_are_promised() {
    const HOSTS: usize = 8;
    let runtime: toml::Table = read("deploy/kubernetes/runtime-config.toml")
        .parse()
        .unwrap();
    let kept = runtime["outbound_pg"]["max_connections"]
        .as_integer()
        .unwrap();
    let components = manifest::manifest()["component"].as_table().unwrap().len();
    let needed = usize::try_from(kept).unwrap() * components * HOSTS;
    let compose = compose();
    for server in ["postgresql", "replica"] {
        let command = compose["services"][server]["command"].as_array().unwrap();
        let room = command
            .iter()
            .find_map(|word| word.as_str()?.strip_prefix("max_connections="));
        let room: usize = room.unwrap().parse().unwrap();
        assert!(room >= needed + 10, "{server}: {needed} connections");
    }
    let text = read("deploy/compose/compose.yaml");
    assert!(
        text.contains(&format!("up to {kept} connections")),
        "{kept}"
    );
    assert!(text.contains("enough for eight hosts"), "{text}");
}

#[test]
fn all_of_them_are_of_this_version_and_of_one_spin() {
    let image = read("deploy/container/Containerfile");
    assert!(
        image.contains(&format!("user-service-{VERSION} ")),
        "{image}"
    );
    let (_, rest) = image.split_once("spinframework/spin:v").unwrap();
    let spin = rest.split_whitespace().next().unwrap();
    let workflow = read(".github/workflows/ci.yaml");
    assert!(
        workflow.contains(&format!("SPIN_VERSION: v{spin}\n")),
        "{spin}"
    );
    let executor = documents().into_iter().map(|(_, document)| document);
    let mut executor = executor.filter(|document| document["kind"] == "SpinAppExecutor");
    let executor = executor.next().unwrap();
    let used = executor["spec"]["deploymentConfig"]["spinImage"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(used.ends_with(&format!(":{spin}")), "{used}");

    let compose = compose();
    for service in ["service", "migration", "timers"] {
        let image = compose["services"][service]["image"].as_str().unwrap();
        assert!(image.ends_with(&format!(":{VERSION}")), "{image}");
    }
}

#[test]
fn the_compiler_of_the_image_is_the_workspaces() {
    let toolchain: toml::Table = read("rust-toolchain.toml").parse().unwrap();
    let channel = toolchain["toolchain"]["channel"].as_str().unwrap();
    let image = read("deploy/container/Containerfile");
    assert!(
        image.contains(&format!("FROM rust:{channel}-")),
        "{channel}"
    );
}

fn compose() -> Value {
    serde_saphyr::from_str(&read("deploy/compose/compose.yaml")).unwrap()
}

fn read(file: &str) -> String {
    fs::read_to_string(workspace_root().join(file))
        .unwrap_or_else(|error| panic!("{file}: {error}"))
}
