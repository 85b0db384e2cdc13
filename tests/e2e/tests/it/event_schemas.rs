//! Holds events against the JSON Schemas in `schemas/events`.

use e2e::Event;
use jsonschema::{Registry, Validator};
use serde_json::Value;
use stack::workspace_root;

/// Fails unless `event` is one of type `event_type`, by its schema, and came under that routing key.
pub(crate) fn assert_is_event(event: &Event, event_type: &str) {
    assert_eq!(event.routing_key, event_type);
    let errors: Vec<String> = validator(event_type)
        .iter_errors(&event.body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:?} in {}", event.body);
}

fn validator(name: &str) -> Validator {
    let shared = ["envelope", "objects"].map(|name| {
        let schema = schema(name);
        let id = schema["$id"].as_str().expect("an identifier").to_owned();
        (id, schema)
    });
    let registry = Registry::new().extend(shared).expect("schemas in order");
    let registry = registry.prepare().expect("schemas in order");
    jsonschema::options()
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(&schema(name))
        .expect("a schema in order")
}

fn schema(name: &str) -> Value {
    let path = workspace_root().join(format!("schemas/events/{name}.json"));
    let text = std::fs::read_to_string(path).expect("a schema of this name");
    serde_json::from_str(&text).expect("JSON")
}
