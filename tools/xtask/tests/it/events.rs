//! The schemas of the events: that they are in order, fit their examples and refuse what is not one.

use std::collections::BTreeSet;
use std::fs;

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};
use stack::workspace_root;
use xtask::generate::events::{EVENTS, SHARED};

#[test]
fn each_type_of_event_has_its_schema_and_no_other_file_is_there() {
    let files: BTreeSet<String> = fs::read_dir(workspace_root().join("schemas/events"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let expected = EVENTS
        .iter()
        .chain(&SHARED)
        .map(|name| format!("{name}.json"));
    assert_eq!(files, expected.collect());
    for name in EVENTS {
        let schema = schema(name);
        assert_eq!(schema["title"], name);
        assert_eq!(schema["properties"]["type"]["const"], name);
        assert_eq!(schema["examples"][0]["type"], name);
    }
}

#[test]
fn the_schemas_are_schemas() {
    for name in EVENTS.iter().chain(&SHARED) {
        let schema = schema(name);
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        if let Err(error) = jsonschema::meta::validate(&schema) {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn the_examples_are_events_of_their_type_only() {
    for name in EVENTS {
        for example in schema(name)["examples"].as_array().unwrap() {
            for other in EVENTS {
                let errors: Vec<String> = validator(other)
                    .iter_errors(example)
                    .map(|error| format!("{}: {error}", error.instance_path()))
                    .collect();
                assert_eq!(errors.is_empty(), name == other, "{name}: {errors:?}");
            }
        }
    }
}

#[test]
fn nothing_may_be_missing_and_nothing_else_may_be_there() {
    for name in EVENTS {
        let validator = validator(name);
        let event = schema(name)["examples"][0].clone();
        for pointer in objects_in(&event, "") {
            let mut more = event.clone();
            more.pointer_mut(&pointer).unwrap()["password"] = json!("secret");
            assert!(!validator.is_valid(&more), "{name} takes more in {pointer}");

            let fields = event.pointer(&pointer).unwrap().as_object().unwrap();
            for field in fields.keys() {
                let mut less = event.clone();
                let object = less.pointer_mut(&pointer).unwrap().as_object_mut().unwrap();
                object.remove(field);
                assert!(
                    !validator.is_valid(&less),
                    "{name} takes less than {pointer}/{field}"
                );
            }
        }
    }
}

#[test]
fn attributes_have_their_form() {
    let validator = validator("user.registered");
    let event = schema("user.registered")["examples"][0].clone();
    let with = |attribute: &str, value: Value| {
        let mut event = event.clone();
        event[attribute] = value;
        validator.is_valid(&event)
    };
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assert!(with("traceparent", json!(trace)));
    for (attribute, value) in [
        ("traceparent", json!("00-0-0-00")),
        ("specversion", json!("0.3")),
        ("source", json!("user-service")),
        ("id", json!("1")),
        ("subject", json!("A8B99449-0370-4235-A274-FE2DFF1C0862")),
        ("time", json!("2026-11-25T04:02:19Z")),
        ("time", json!("2026-11-25T05:02:19.129097+01:00")),
        ("sequence", json!("7")),
        ("sequence", json!(7)),
        ("datacontenttype", json!("text/plain")),
        ("data", json!(null)),
    ] {
        assert!(!with(attribute, value.clone()), "{attribute}: {value}");
    }
}

/// The places of all objects in `value`, as JSON pointers.
fn objects_in(value: &Value, pointer: &str) -> Vec<String> {
    let Value::Object(fields) = value else {
        return Vec::new();
    };
    let inner = fields
        .iter()
        .flat_map(|(name, field)| objects_in(field, &format!("{pointer}/{name}")));
    std::iter::once(pointer.to_owned()).chain(inner).collect()
}

fn validator(name: &str) -> Validator {
    let shared = SHARED.map(|name| {
        let schema = schema(name);
        (schema["$id"].as_str().unwrap().to_owned(), schema)
    });
    let registry = Registry::new().extend(shared).unwrap().prepare().unwrap();
    jsonschema::options()
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(&schema(name))
        .unwrap()
}

fn schema(name: &str) -> Value {
    let path = workspace_root().join(format!("schemas/events/{name}.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}
