//! The timers in `deploy/kubernetes`, in `deploy/systemd` and in docs/operations.md: they call routes that are there, with a
//! secret that is not.

use std::fs;

use serde_json::Value;
use stack::workspace_root;

use crate::tracked;

/// Where a job's pod stands in its document.
const POD: &str = "/spec/jobTemplate/spec/template/spec";

#[test]
fn the_timers_post_to_routes_of_the_ops_component() {
    let mut called = Vec::new();
    for (file, job) in jobs() {
        let arguments = arguments(&job);
        let method = arguments.iter().position(|text| text == "--request");
        assert_eq!(arguments[method.unwrap() + 1], "POST", "{file}");
        let path = arguments
            .last()
            .unwrap()
            .strip_prefix("http://user-service");
        let path = path.unwrap_or_else(|| panic!("{file}: {arguments:?}"));
        assert!(is_post_route(path), "{file}: there is no POST {path}");
        called.push(path.to_owned());
    }
    let expected = [
        "/internal/cache/warm",
        "/internal/outbox/drain",
        "/internal/sweep",
    ];
    assert_eq!(called, expected);
}

#[test]
fn the_timers_of_plain_hosts_post_to_routes_of_the_ops_component() {
    let mut text = String::new();
    for file in [
        "docs/operations.md",
        "deploy/systemd/user-service-drain.service",
        "deploy/systemd/user-service-sweep.service",
        "deploy/systemd/user-service-warm.service",
    ] {
        text += &fs::read_to_string(workspace_root().join(file)).unwrap();
    }
    let urls = text.split("http://127.0.0.1:3000").skip(1);
    let paths: Vec<_> = urls
        .filter_map(|rest| rest.split_whitespace().next())
        .collect();
    assert_eq!(paths.len(), 6, "{paths:?}");
    for path in paths {
        assert!(is_post_route(path), "there is no POST {path}");
    }
}

#[test]
fn the_secret_comes_from_a_secret_and_stands_nowhere() {
    for (file, job) in jobs() {
        let environment = &container(&job)["env"];
        let [variable] = environment.as_array().unwrap().as_slice() else {
            panic!("{file}: {environment}");
        };
        assert_eq!(variable["name"], "INTERNAL_SECRET", "{file}");
        assert_eq!(variable.get("value"), None, "{file}");
        let secret = &variable["valueFrom"]["secretKeyRef"];
        assert_eq!(secret["name"], "user-service", "{file}");
        assert_eq!(secret["key"], "internal-secret", "{file}");
        let credentials: Vec<_> = arguments(&job)
            .into_iter()
            .filter(|argument| argument.to_lowercase().contains("bearer"))
            .collect();
        assert_eq!(
            credentials,
            ["Authorization: Bearer {{INTERNAL_SECRET}}"],
            "{file}"
        );
    }
}

#[test]
fn the_timers_are_one_at_a_time_bounded_and_without_privilege() {
    for (file, job) in jobs() {
        let at = |path: &str| job.pointer(path).unwrap_or(&Value::Null).clone();
        assert_eq!(at("/apiVersion"), "batch/v1", "{file}");
        assert_eq!(at("/kind"), "CronJob", "{file}");
        assert_eq!(at("/spec/concurrencyPolicy"), "Forbid", "{file}");
        let deadline = at("/spec/jobTemplate/spec/activeDeadlineSeconds").as_u64();
        assert!(deadline.is_some_and(|seconds| seconds < 60), "{file}");
        let pod = |path: &str| at(&format!("{POD}{path}"));
        assert_eq!(pod("/automountServiceAccountToken"), false, "{file}");
        assert_eq!(pod("/securityContext/runAsNonRoot"), true, "{file}");

        let container = container(&job);
        let (_, version) = container["image"]
            .as_str()
            .unwrap()
            .rsplit_once(':')
            .unwrap();
        let is_version = |part: &str| part.parse::<u32>().is_ok();
        assert!(
            version.split('.').filter(|part| is_version(part)).count() == 3,
            "{file}"
        );
        let security = &container["securityContext"];
        assert_eq!(security["allowPrivilegeEscalation"], false, "{file}");
        assert_eq!(security["readOnlyRootFilesystem"], true, "{file}");
        assert_eq!(security["capabilities"]["drop"][0], "ALL", "{file}");
        for resource in ["cpu", "memory"] {
            assert!(
                container["resources"]["limits"][resource].is_string(),
                "{file}"
            );
        }
    }
}

fn is_post_route(path: &str) -> bool {
    let router = workspace_root().join("components/ops/src/lib.rs");
    let router = fs::read_to_string(router).unwrap();
    router.contains(&format!(".route(\"{path}\", post("))
}

/// The timers, by their files.
fn jobs() -> Vec<(String, Value)> {
    let mut jobs = documents();
    jobs.retain(|(_, document)| document["kind"] == "CronJob");
    jobs
}

/// All documents of `deploy/kubernetes`, by their files.
pub(crate) fn documents() -> Vec<(String, Value)> {
    let mut documents = Vec::new();
    for file in tracked("deploy/kubernetes/*.yaml") {
        let file = file.display().to_string();
        let text = fs::read_to_string(workspace_root().join(&file)).unwrap();
        let parts: Vec<Value> =
            serde_saphyr::from_multiple(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        documents.extend(parts.into_iter().map(|document| (file.clone(), document)));
    }
    documents
}

fn container(job: &Value) -> &Value {
    let containers = job.pointer(&format!("{POD}/containers")).unwrap();
    assert_eq!(containers.as_array().unwrap().len(), 1);
    &containers[0]
}

fn arguments(job: &Value) -> Vec<String> {
    let arguments = container(job)["args"].as_array().unwrap();
    let texts = arguments
        .iter()
        .map(|argument| argument.as_str().unwrap().to_owned());
    texts.collect()
}
