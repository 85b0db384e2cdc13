//! The events: the part of `docs/events.md` that their JSON Schemas say.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// Each type of event, in the order of the document.
pub const EVENTS: [&str; 14] = [
    "user.registered",
    "user.updated",
    "user.verification_requested",
    "user.password_reset_requested",
    "user.password_changed",
    "user.email_change_requested",
    "user.email_changed",
    "user.preferences_updated",
    "user.token_registered",
    "user.token_updated",
    "user.token_deleted",
    "user.deletion_scheduled",
    "user.deletion_cancelled",
    "user.deleted",
];

/// The schema of what all events have, and the one of what the data of several is made of.
pub const SHARED: [&str; 2] = ["envelope", "objects"];

/// What `$ref` says before the name of a shared object or value.
const REFERENCE: &str = "#/$defs/";

/// The chapters on the envelope, on each event and on the objects in them, from the schemas in
/// `folder`.
///
/// # Errors
/// If a schema is missing, or says nothing of what the document has to say.
pub fn reference(folder: &Path) -> Result<String> {
    let [envelope, objects] = SHARED;
    let objects = read(folder, objects)?;
    let definitions = object(&objects, "$defs")?;
    let mut text = String::new();
    write_envelope(&mut text, &read(folder, envelope)?, definitions)?;
    for name in EVENTS {
        let schema = read(folder, name)?;
        write_event(&mut text, name, &schema, definitions)
            .with_context(|| format!("the schema of {name} can't be documented"))?;
    }
    text.push_str("\n## Objects\n");
    for (name, definition) in definitions {
        if is_object(definition) {
            write!(
                text,
                "\n### {name}\n\n| field | type | is |\n|---|---|---|\n"
            )?;
            write_fields(&mut text, "", definition, definitions)?;
        }
    }
    Ok(text)
}

fn write_envelope(
    text: &mut String,
    schema: &Value,
    definitions: &Map<String, Value>,
) -> Result<()> {
    let what = description(schema)?;
    write!(
        text,
        "\n## Around the data\n\n{what}\n\n| attribute | type | is |\n|---|---|---|\n"
    )?;
    write_fields(text, "", schema, definitions)
}

fn write_event(
    text: &mut String,
    name: &str,
    schema: &Value,
    definitions: &Map<String, Value>,
) -> Result<()> {
    let when = description(schema)?;
    let data = &schema["properties"]["data"];
    let example =
        serde_json::to_string_pretty(schema.pointer("/examples/0").context("no example")?)?;
    write!(
        text,
        "\n## {name}\n\n{when}\n\nRouting key `{name}`, schema [{name}.json](../schemas/events/{name}.json).\n\n\
         | in `data` | type | is |\n|---|---|---|\n"
    )?;
    write_fields(text, "", data, definitions)?;
    write!(text, "\n```json\n{example}\n```\n")?;
    Ok(())
}

/// A line for each property of `schema`, and for those of an object that it says itself.
fn write_fields(
    text: &mut String,
    prefix: &str,
    schema: &Value,
    definitions: &Map<String, Value>,
) -> Result<()> {
    let required = schema["required"].as_array();
    for (name, property) in object(schema, "properties")? {
        let is_required = required.is_some_and(|names| names.iter().any(|known| known == name));
        let optional = if is_required { "" } else { ", optional" };
        let what = description(property).with_context(|| format!("property {name}"))?;
        let type_name =
            type_name(property, definitions).with_context(|| format!("property {name}"))?;
        writeln!(
            text,
            "| `{prefix}{name}` | {type_name}{optional} | {what} |"
        )?;
        if property.get("properties").is_some() {
            write_fields(text, &format!("{prefix}{name}."), property, definitions)?;
        }
    }
    Ok(())
}

/// What a property may be, in words; a shared object as a link to its table.
fn type_name(property: &Value, definitions: &Map<String, Value>) -> Result<String> {
    if let Some(reference) = property["$ref"].as_str() {
        let (_, name) = reference.split_once(REFERENCE).context("an odd $ref")?;
        let definition = definitions.get(name).context("a $ref to nothing")?;
        return Ok(if is_object(definition) {
            format!("[{name}](#{name})")
        } else {
            format!("{}{}", name.replace('_', " "), or_null(definition))
        });
    }
    if let Some(constant) = property.get("const") {
        return Ok(format!("`{constant}`"));
    }
    if let Some(words) = property["enum"].as_array() {
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        return Ok(words.join(", ").replace('"', ""));
    }
    let name = match &property["type"] {
        Value::Array(names) => names.first().and_then(Value::as_str),
        name => name.as_str(),
    };
    Ok(format!("{}{}", name.context("no type")?, or_null(property)))
}

fn or_null(schema: &Value) -> &'static str {
    let names = schema["type"].as_array();
    let is_nullable = names.is_some_and(|names| names.iter().any(|name| name == "null"));
    if is_nullable { " or null" } else { "" }
}

fn is_object(schema: &Value) -> bool {
    schema["type"] == "object"
}

fn description(schema: &Value) -> Result<&str> {
    schema["description"].as_str().context("no description")
}

fn object<'a>(schema: &'a Value, name: &str) -> Result<&'a Map<String, Value>> {
    schema[name]
        .as_object()
        .with_context(|| format!("no {name}"))
}

fn read(folder: &Path, name: &str) -> Result<Value> {
    let path = folder.join(format!("{name}.json"));
    let text =
        fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not in order", path.display()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn properties_are_named_by_what_they_may_be() {
        let definitions = json!({
            "user": {"type": "object"},
            "time_of_day": {"type": ["string", "null"]},
        });
        let definitions = definitions.as_object().unwrap();
        for (property, expected) in [
            (json!({"type": "boolean"}), "boolean"),
            (json!({"type": ["string", "null"]}), "string or null"),
            (json!({"const": "1.0"}), "`\"1.0\"`"),
            (json!({"enum": ["a", "b"]}), "`a`, `b`"),
            (json!({"$ref": "objects.json#/$defs/user"}), "[user](#user)"),
            (
                json!({"$ref": "#/$defs/time_of_day"}),
                "time of day or null",
            ),
        ] {
            assert_eq!(type_name(&property, definitions).unwrap(), expected);
        }
        for bad in [
            json!({}),
            json!({"$ref": "#/$defs/other"}),
            json!({"$ref": "other.json"}),
        ] {
            assert!(type_name(&bad, definitions).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_property_has_to_be_described() {
        let schema = json!({"properties": {"a": {"type": "string"}}});
        let error = write_fields(&mut String::new(), "", &schema, &Map::new()).unwrap_err();
        assert_eq!(format!("{error:#}"), "property a: no description");
    }

    #[test]
    fn an_object_of_its_own_is_listed_with_its_fields() {
        let schema = json!({
            "required": ["user"],
            "properties": {"user": {
                "description": "Who.", "type": "object", "properties": {
                    "email": {"description": "Where.", "type": "string"},
                },
            }},
        });
        let mut text = String::new();
        write_fields(&mut text, "", &schema, &Map::new()).unwrap();
        assert_eq!(
            text,
            "| `user` | object | Who. |\n| `user.email` | string, optional | Where. |\n"
        );
    }
}
