//! What dashboards and alerts ask for: it must be there in what the service writes.

use std::fs;
use std::time::Duration;

use e2e::openmetrics::OpenMetrics;
use e2e::promql::{PromQl, Selector};
use e2e::{Service, SignedInService, random_hex};
use serde_json::{Value, json};
use stack::workspace_root;
use tokio::time::sleep;

use super::{LOGIN, PREFERENCES, PROFILE, PUSH_TOKENS, metrics};

/// How often it is looked whether what was counted is there; far longer than it takes.
const TRIES: u32 = 600;

#[tokio::test]
async fn dashboards_and_alerts_ask_for_what_is_there() {
    let limits = r#"{"login": {"limit": 2, "window": 300}}"#;
    let service = Service::with_events(&[("rate_limits", limits)]);
    have_everything_counted(&service).await;
    let queries = [dashboard(), alerts()].concat();
    assert!(queries.len() > 30, "{queries:?}");

    let mut missing = queries;
    for _ in 0..TRIES {
        let (_, metrics) = metrics(&service).await;
        missing.retain(|query| in_vain(query, &metrics).is_some());
        if missing.is_empty() {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    let (_, metrics) = metrics(&service).await;
    let reasons: Vec<_> = missing
        .iter()
        .filter_map(|query| in_vain(query, &metrics))
        .collect();
    panic!("{reasons:#?}");
}

/// Makes the service count something of each kind.
async fn have_everything_counted(service: &Service) {
    let user = service.registered_user().await;
    user.get(PROFILE).await;
    user.get(PREFERENCES).await;
    user.try_login(&user.password).await;
    for _ in 0..3 {
        let body = json!({"email": "nobody@example.com", "password": random_hex(16)});
        service.client().post(LOGIN, &body).await;
    }
    SignedInService::new(service, &[]).await;
    // PostgreSQL is found to be away, and to be back.
    let postgresql = service
        .stack()
        .postgresql()
        .expect("a PostgreSQL of its own");
    postgresql.freeze().expect("it runs");
    for _ in 0..3 {
        user.get(PUSH_TOKENS).await;
    }
    postgresql.thaw().expect("it runs");
}

/// What `query` asks for in vain.
fn in_vain(query: &str, metrics: &OpenMetrics) -> Option<String> {
    let PromQl { selectors, labels } = PromQl::read(query);
    let names = |selector: &Selector| {
        let samples = metrics
            .samples()
            .filter(|sample| sample.name == selector.metric);
        samples
            .flat_map(|sample| sample.labels.keys())
            .cloned()
            .collect::<Vec<_>>()
    };
    for selector in &selectors {
        let has = |label: &String, operator: &str, value: &str| {
            let mut samples = metrics
                .samples()
                .filter(|sample| sample.name == selector.metric);
            samples.any(|sample| {
                let known = sample.labels.get(label);
                known.is_some_and(|known| operator != "=" || known == value)
            })
        };
        if !metrics
            .samples()
            .any(|sample| sample.name == selector.metric)
        {
            return Some(format!("{query}: no {}", selector.metric));
        }
        for (label, operator, value) in &selector.conditions {
            if !has(label, operator, value) {
                return Some(format!("{query}: no {label}{operator}{value}"));
            }
        }
    }
    let known: Vec<String> = selectors.iter().flat_map(names).collect();
    labels
        .into_iter()
        .find(|label| !known.contains(label))
        .map(|label| format!("{query}: no label {label}"))
}

/// The queries of the dashboard, with Grafana's own variable filled in.
fn dashboard() -> Vec<String> {
    let dashboard: Value =
        serde_json::from_str(&deployed("grafana/user-service.json")).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels
        .iter()
        .filter_map(|panel| panel["targets"].as_array());
    targets
        .flatten()
        .map(|target| target["expr"].as_str().expect("a query"))
        .map(|query| query.replace("$__rate_interval", "5m"))
        .collect()
}

/// The expressions of the alerts; each is on its line.
fn alerts() -> Vec<String> {
    let rules = deployed("prometheus/alerts.yaml");
    let lines = rules.lines().map(str::trim_start);
    let expressions: Vec<_> = lines
        .filter_map(|line| line.strip_prefix("expr: "))
        .map(str::to_owned)
        .collect();
    assert_eq!(expressions.len(), rules.matches("- alert: ").count());
    expressions
}

fn deployed(name: &str) -> String {
    let path = workspace_root().join("deploy").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
