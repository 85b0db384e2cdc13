//! The application in `deploy/kubernetes`: it fits SpinKube, sets what the components need, and is probed,
//! scaled and let through where it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};
use stack::workspace_root;

use crate::kubernetes::documents;
use crate::manifest;

const FOLDER: &str = "deploy/kubernetes";

#[test]
fn its_resources_are_what_spinkube_takes() {
    let schema = serde_json::from_str(include_str!("spinkube.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut kinds = BTreeSet::new();
    for (file, document) in documents() {
        if document["apiVersion"] != "core.spinkube.dev/v1alpha1" {
            continue;
        }
        let errors: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{file}: {errors:?}");
        kinds.insert(document["kind"].as_str().unwrap().to_owned());

        let mut more = document.clone();
        more["spec"]["securityContext"] = json!({});
        assert!(
            !validator.is_valid(&more),
            "{file}: an unknown field passes"
        );
    }
    assert!(kinds.contains("SpinApp") && kinds.contains("SpinAppExecutor"));
}

#[test]
fn every_variable_is_known_and_every_required_one_is_set() {
    let manifest = manifest::manifest();
    let declared = manifest["variables"].as_table().unwrap();
    let set = variables();
    for (name, source) in &set {
        let variable = declared
            .get(name)
            .unwrap_or_else(|| panic!("{name} is no variable of spin.toml"));
        let secret = variable
            .get("secret")
            .is_some_and(|secret| secret.as_bool() == Some(true));
        let required = variable
            .get("required")
            .is_some_and(|required| required.as_bool() == Some(true));
        if secret {
            let key = &source["secretKeyRef"];
            assert_eq!(key["name"], "user-service", "{name}");
            assert_eq!(key["key"], name.replace('_', "-"), "{name}");
            let optional = key.get("optional").is_some_and(|optional| optional == true);
            assert!(!(required && optional), "{name} is required");
        } else {
            let key = &source["configMapKeyRef"];
            assert_eq!(key["name"], "user-service-settings", "{name}");
            assert_eq!(key["key"], *name, "{name}");
        }
    }
    for (name, variable) in declared {
        assert!(
            variable.get("default").is_some() || set.contains_key(name),
            "{name} has no default, and application.yaml does not set it"
        );
    }
}

#[test]
fn what_the_application_reads_of_the_settings_is_there_and_nothing_else() {
    let text = fs::read_to_string(workspace_root().join(FOLDER).join("settings.env")).unwrap();
    let there: BTreeSet<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once('=').unwrap().0)
        .collect();
    let variables = variables();
    let read: BTreeSet<&str> = variables
        .values()
        .filter_map(|source| source["configMapKeyRef"]["key"].as_str())
        .collect();
    assert_eq!(there, read);
}

#[test]
fn it_is_probed_where_it_answers() {
    let router = workspace_root().join("components/ops/src/lib.rs");
    let router = fs::read_to_string(router).unwrap();
    let application = of_kind("SpinApp");
    for (check, path) in [("readiness", "/health/ready"), ("liveness", "/health/live")] {
        let probed = &application["spec"]["checks"][check]["httpGet"]["path"];
        assert_eq!(probed, path);
        assert!(
            router.contains(&format!(".route(\"{path}\", get(")),
            "{path}"
        );
    }
}

#[test]
fn it_is_scaled_and_kept_by_the_names_and_labels_that_it_has() {
    let application = of_kind("SpinApp");
    let scaled = &of_kind("HorizontalPodAutoscaler")["spec"];
    assert_eq!(application["spec"]["enableAutoscaling"], true);
    assert_eq!(
        scaled["scaleTargetRef"]["name"],
        application["metadata"]["name"]
    );
    assert!(scaled["minReplicas"].as_u64() >= Some(2));
    // Without a request there is nothing that a utilisation is a part of.
    assert!(application["spec"]["resources"]["requests"]["cpu"].is_string());
    let labels = application["spec"]["podLabels"].clone();
    let budget = &of_kind("PodDisruptionBudget")["spec"];
    assert_eq!(budget["selector"]["matchLabels"], labels);
    let executor = of_kind("SpinAppExecutor");
    assert_eq!(
        application["spec"]["executor"],
        executor["metadata"]["name"]
    );
}

#[test]
fn every_pod_has_its_way_and_no_other() {
    let policies: Vec<Value> = documents()
        .into_iter()
        .map(|(_, document)| document)
        .filter(|document| document["kind"] == "NetworkPolicy")
        .collect();
    // The first refuses whatever no other one allows.
    let default = &policies[0]["spec"];
    assert_eq!(
        default["podSelector"]["matchLabels"],
        json!({ "app.kubernetes.io/name": "user-service" })
    );
    assert_eq!(default["policyTypes"], json!(["Ingress", "Egress"]));
    assert_eq!(default.get("ingress"), None);

    let text = serde_json::to_string(&policies).unwrap();
    for component in ["server", "cache-warm", "outbox-drain", "sweep", "migration"] {
        assert!(text.contains(&format!("\"{component}\"")), "{component}");
    }
    // What settings.env names is what the server may connect to.
    let settings = fs::read_to_string(workspace_root().join(FOLDER).join("settings.env")).unwrap();
    let ports: BTreeSet<u64> = settings
        .lines()
        .filter(|line| line.contains("_address="))
        .map(|line| line.rsplit_once(':').unwrap().1.parse().unwrap())
        .collect();
    let allowed = &policies[1]["spec"]["egress"][0]["ports"];
    let allowed: BTreeSet<u64> = allowed
        .as_array()
        .unwrap()
        .iter()
        .map(|port| port["port"].as_u64().unwrap())
        .collect();
    assert_eq!(ports, allowed);
}

#[test]
fn every_file_is_applied_but_the_migration() {
    let list = of_kind("Kustomization")["resources"].clone();
    let listed: BTreeSet<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file.as_str().unwrap())
        .collect();
    let files: Vec<String> = documents().into_iter().map(|(file, _)| file).collect();
    let there: BTreeSet<&str> = files
        .iter()
        .map(|file| file.rsplit_once('/').unwrap().1)
        .filter(|file| !["kustomization.yaml", "references.yaml", "migration.yaml"].contains(file))
        .collect();
    assert_eq!(listed, there);
}

#[test]
fn the_versions_are_that_of_the_workspace() {
    let version = env!("CARGO_PKG_VERSION");
    let application = of_kind("SpinApp");
    let image = application["spec"]["image"].as_str().unwrap().to_owned();
    assert!(image.ends_with(&format!(":{version}")), "{image}");
    let migration = of_kind("Job");
    let image = migration["spec"]["template"]["spec"]["containers"][0]["image"].clone();
    assert!(
        image.as_str().unwrap().ends_with(&format!(":{version}")),
        "{image}"
    );
    let name = format!("user-service-migration-{}", version.replace('.', "-"));
    assert_eq!(migration["metadata"]["name"], name.as_str());
}

#[test]
fn the_connections_of_all_hosts_are_counted_as_they_are() {
    let runtime = fs::read_to_string(workspace_root().join(FOLDER).join("runtime-config.toml"));
    let runtime: toml::Table = runtime.unwrap().parse().unwrap();
    let kept = runtime["outbound_pg"]["max_connections"]
        .as_integer()
        .unwrap();
    let hosts = of_kind("HorizontalPodAutoscaler")["spec"]["maxReplicas"]
        .as_i64()
        .unwrap();
    let components = manifest::manifest()["component"].as_table().unwrap().len();
    let open = kept * i64::try_from(components).unwrap() * hosts;
    let expected = format!(
        "{kept} × {components} × {hosts} = {open}, and\n  `max_connections` is {}",
        open + 10
    );
    let text = fs::read_to_string(workspace_root().join(FOLDER).join("README.md")).unwrap();
    assert!(text.contains(&expected), "{expected}");
}

/// The variables that the application is given, each with where its value is from.
fn variables() -> BTreeMap<String, Value> {
    let application = of_kind("SpinApp");
    let list = application["spec"]["variables"].as_array().unwrap().clone();
    let number = list.len();
    let variables: BTreeMap<String, Value> = list
        .into_iter()
        .map(|variable| {
            let name = variable["name"].as_str().unwrap().to_owned();
            (name, variable["valueFrom"].clone())
        })
        .collect();
    assert_eq!(variables.len(), number, "one is set twice");
    variables
}

/// The only document of this kind.
fn of_kind(kind: &str) -> Value {
    let mut found: Vec<Value> = documents()
        .into_iter()
        .map(|(_, document)| document)
        .filter(|document| document["kind"] == kind)
        .collect();
    assert_eq!(found.len(), 1, "{kind}");
    found.remove(0)
}
