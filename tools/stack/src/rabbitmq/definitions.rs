//! Who and what is on the broker: `deploy/rabbitmq/definitions.json` with passwords filled in.

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::secret;

/// The user that publishes.
pub(super) const PUBLISHER: &str = "user-service";
/// The user that consumes.
pub(super) const READER: &str = "events-reader";
/// The user that may do everything. Only a private broker has one.
pub(super) const ADMINISTRATOR: &str = "administrator";

/// The users' passwords.
pub(super) struct Passwords {
    pub(super) publisher: String,
    pub(super) reader: String,
    pub(super) administrator: String,
}

impl Passwords {
    pub(super) fn random() -> Result<Self> {
        Ok(Self {
            publisher: secret::random()?,
            reader: secret::random()?,
            administrator: secret::random()?,
        })
    }
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Passwords")
    }
}

/// The definitions that `template` becomes with these passwords and an administrator.
///
/// # Errors
/// If the template is not in order, or has a place that nothing is filled into.
pub(super) fn definitions(template: &str, passwords: &Passwords) -> Result<String> {
    let text = template
        .replace(
            "{{ publisher_password_hash }}",
            &hash(&passwords.publisher)?,
        )
        .replace("{{ reader_password_hash }}", &hash(&passwords.reader)?);
    if text.contains("{{") {
        bail!("deploy/rabbitmq/definitions.json has a place {{{{ … }}}} that is not known");
    }
    let mut definitions: Value =
        serde_json::from_str(&text).context("deploy/rabbitmq/definitions.json is not in order")?;
    add(
        &mut definitions,
        "users",
        json!({
            "name": ADMINISTRATOR,
            "password_hash": hash(&passwords.administrator)?,
            "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": "administrator",
        }),
    )?;
    add(
        &mut definitions,
        "permissions",
        json!({"user": ADMINISTRATOR, "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}),
    )?;
    Ok(definitions.to_string())
}

fn add(definitions: &mut Value, list: &str, entry: Value) -> Result<()> {
    let entries = definitions[list].as_array_mut();
    entries
        .with_context(|| format!("deploy/rabbitmq/definitions.json has no list {list:?}"))?
        .push(entry);
    Ok(())
}

/// `password` as `rabbit_password_hashing_sha256` stores it: base64 of a salt of four bytes and the
/// SHA-256 of salt and password.
fn hash(password: &str) -> Result<String> {
    let mut salt = [0_u8; 4];
    getrandom::fill(&mut salt).map_err(|error| anyhow!("no random numbers: {error}"))?;
    Ok(salted_hash(salt, password))
}

fn salted_hash(salt: [u8; 4], password: &str) -> String {
    let digest = Sha256::new().chain_update(salt).chain_update(password);
    STANDARD.encode([&salt[..], &digest.finalize()[..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_hashed_as_rabbitmq_does_it() {
        // The example of RabbitMQ's documentation: password "test12", salt 0x908DC60A.
        assert_eq!(
            salted_hash([0x90, 0x8d, 0xc6, 0x0a], "test12"),
            "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
        );
    }

    #[test]
    fn every_place_of_the_template_is_filled_and_an_administrator_added() {
        let passwords = Passwords::random().unwrap();
        let template = include_str!("../../../../deploy/rabbitmq/definitions.json");
        let text = definitions(template, &passwords).unwrap();
        assert!(!text.contains(&passwords.publisher) && !text.contains("{{"));
        let made: Value = serde_json::from_str(&text).unwrap();
        let names: Vec<_> = made["users"].as_array().unwrap().iter().collect();
        let names: Vec<_> = names.iter().map(|user| user["name"].as_str()).collect();
        assert_eq!(names, [Some(PUBLISHER), Some(READER), Some(ADMINISTRATOR)]);

        let unknown = definitions(r#"{"users": "{{ another }}"}"#, &passwords);
        assert!(unknown.unwrap_err().to_string().contains("not known"));
    }
}
