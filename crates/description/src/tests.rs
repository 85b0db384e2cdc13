//! The document is in order by itself: every reference leads somewhere, every example is what its schema
//! says, and nothing is missing that each operation must have.

use std::collections::BTreeSet;

use domain::ErrorCode;
use jsonschema::Validator;
use serde_json::Value;

use crate::{document, standalone};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Each operation with its method and path.
fn operations(document: &Value) -> Vec<(String, &Value, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let mut operations = Vec::new();
    for (path, item) in paths {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                operations.push((format!("{method} {path}"), operation, item));
            }
        }
    }
    assert!(!operations.is_empty(), "no operations");
    operations
}

/// What `value` refers to, if it does.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    value["$ref"].as_str().map_or(value, |reference| {
        let pointer = reference.strip_prefix('#').expect("within the document");
        let target = document.pointer(pointer);
        target.unwrap_or_else(|| panic!("{reference} leads nowhere"))
    })
}

fn validator(document: &Value, schema: &Value) -> Validator {
    jsonschema::options()
        .should_validate_formats(true)
        .build(&standalone(document, schema))
        .expect("a schema in order")
}

/// Fails unless the examples of `content`, media types with schemas, are what the schemas say.
fn assert_examples(document: &Value, name: &str, content: &Value) {
    for (media_type, described) in content.as_object().into_iter().flatten() {
        let examples = described["examples"].as_object();
        let examples = examples
            .into_iter()
            .flatten()
            .map(|(_, example)| &example["value"]);
        let examples: Vec<&Value> = examples.chain(described.get("example")).collect();
        assert!(!examples.is_empty(), "{name}: no example in {media_type}");
        for example in examples {
            let validator = validator(document, &described["schema"]);
            let errors: Vec<String> = validator
                .iter_errors(example)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{name}: {errors:?} in {example}");
        }
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_referred_to() {
    fn collect<'a>(value: &'a Value, references: &mut BTreeSet<&'a str>) {
        match value {
            Value::Object(object) => {
                if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
                    references.insert(reference);
                }
                object.values().for_each(|value| collect(value, references));
            }
            Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
            _ => {}
        }
    }
    let document = document();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    for reference in &references {
        resolved(&document, &serde_json::json!({"$ref": reference}));
    }
    // Answers to what is no operation.
    references.insert("#/components/responses/method_not_allowed");
    references.insert("#/components/responses/not_found");
    for kind in ["parameters", "headers", "responses", "schemas"] {
        for name in document["components"][kind].as_object().expect(kind).keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(references.contains(&*reference), "nobody needs {reference}");
        }
    }
}

#[test]
fn operations_have_names_of_their_own_and_say_what_they_do() {
    let document = document();
    let mut names = BTreeSet::new();
    for (name, operation, _) in operations(&document) {
        let id = operation["operationId"].as_str().expect("a name");
        assert!(names.insert(id), "{name}: another one is called {id}");
        assert!(
            !operation["summary"].as_str().expect("text").is_empty(),
            "{name}"
        );
    }
}

#[test]
fn the_parameters_of_a_path_are_those_that_are_described() {
    let document = document();
    for (name, operation, _) in operations(&document) {
        let in_path: BTreeSet<&str> = name
            .split('{')
            .skip(1)
            .filter_map(|part| part.split('}').next())
            .collect();
        let parameters = operation["parameters"].as_array();
        let described: BTreeSet<&str> = parameters
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        assert_eq!(in_path, described, "{name}");
    }
}

#[test]
fn every_operation_can_succeed_and_refuse() {
    let document = document();
    for (name, operation, _) in operations(&document) {
        let responses = operation["responses"].as_object().expect("answers");
        let has = |status: &str| responses.contains_key(status);
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{name}"
        );
        let security = operation["security"].as_array().expect("who may call it");
        assert!(has("401") || security.is_empty(), "{name}");
        assert!(has("503"), "{name}: a setting may be wrong");
        if operation.get("requestBody").is_some() {
            assert!(has("400") && has("413"), "{name}: a body may be bad");
        }
        let has_headers = |response: &Value| {
            let headers = &resolved(&document, response)["headers"];
            headers.get("x-request-id").is_some()
        };
        assert!(responses.values().all(has_headers), "{name}");
    }
}

#[test]
fn every_example_is_what_its_schema_says() {
    let document = document();
    for (name, operation, _) in operations(&document) {
        assert_examples(&document, &name, &operation["requestBody"]["content"]);
        for (status, response) in operation["responses"].as_object().expect("answers") {
            let name = format!("{name} {status}");
            assert_examples(&document, &name, &resolved(&document, response)["content"]);
        }
        let parameters = operation["parameters"].as_array();
        for parameter in parameters.into_iter().flatten() {
            let validator = validator(&document, &parameter["schema"]);
            assert!(
                validator.is_valid(&parameter["example"]),
                "{name}: {parameter}"
            );
        }
    }
}

#[test]
fn an_example_with_another_field_is_refused() {
    let document = document();
    let responses = &document["paths"]["/api/v1/users/profile"]["get"]["responses"];
    let content = &responses["200"]["content"]["application/json"];
    let validator = validator(&document, &content["schema"]);
    for pointer in ["", "/data", "/data/profile", "/meta"] {
        let mut example = content["example"].clone();
        assert!(validator.is_valid(&example));
        example.pointer_mut(pointer).expect("an object")["unheard_of"] = true.into();
        assert!(!validator.is_valid(&example), "{pointer}");
    }
}

#[test]
fn every_code_is_described() {
    let document = document();
    let responses = document["components"]["responses"]
        .as_object()
        .expect("answers");
    for code in ErrorCode::ALL {
        let is_of_code = |name: &&String| name.split('.').any(|known| known == code.as_str());
        assert!(responses.keys().any(|name| is_of_code(&name)), "{code}");
    }
}
