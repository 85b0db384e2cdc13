//! The Spin variables of the components, from the servers and from what the caller chooses.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::thread::available_parallelism;

use anyhow::Result;

use crate::secret;
use crate::variables::{
    SERVER_VARIABLES, component_database_url, database_address, mqtt_address, redis_address,
    replica_address, service_address,
};

/// Where the servers are; empty for one that there is none of.
pub(crate) struct Urls<'a> {
    pub(crate) database: &'a str,
    pub(crate) redis: &'a str,
    pub(crate) mqtt: &'a str,
}

/// The variables that the components get, besides the defaults in `spin.toml`: those that `chosen`
/// names, else what follows from the servers, else the `SPIN_VARIABLE_*` of `environment`.
pub(crate) fn component_variables(
    urls: &Urls<'_>,
    environment: impl Iterator<Item = (String, String)>,
    chosen: BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let mut variables = BTreeMap::from([
        (
            "database_url".to_owned(),
            component_database_url(urls.database)?,
        ),
        ("redis_url".to_owned(), urls.redis.to_owned()),
        ("mqtt_url".to_owned(), urls.mqtt.to_owned()),
    ]);
    for (name, value) in environment {
        let variable = name
            .strip_prefix("SPIN_VARIABLE_")
            .map(str::to_ascii_lowercase);
        if let Some(variable) = variable
            && !SERVER_VARIABLES.contains(&variable.as_str())
        {
            variables.insert(variable, value);
        }
    }
    variables.extend(chosen);
    for (address, derived) in [
        (
            "database_address",
            database_address(&variables["database_url"])?,
        ),
        (
            "replica_address",
            replica_address(
                variables
                    .get("database_replica_urls")
                    .map_or("", |urls| urls),
            )?,
        ),
        ("redis_address", redis_address(&variables["redis_url"])?),
        ("mqtt_address", mqtt_address(&variables["mqtt_url"])?),
        (
            "template_service_address",
            service_address(variables.get("template_service_url").map_or("", |url| url))?,
        ),
        (
            "breached_passwords_address",
            service_address(
                variables
                    .get("breached_passwords_url")
                    .map_or("", |url| url),
            )?,
        ),
        (
            "webhook_address",
            service_address(variables.get("webhook_url").map_or("", |url| url))?,
        ),
    ] {
        variables.entry(address.to_owned()).or_insert(derived);
    }
    for name in ["jwt_secret", "internal_secret"] {
        if !variables.contains_key(name) {
            variables.insert(name.to_owned(), secret::random()?);
        }
    }
    variables
        .entry("hashes_at_once".to_owned())
        .or_insert(cores().to_string());
    Ok(variables)
}

/// As many hashes at once as there are cores leave the other routes their share of them.
fn cores() -> usize {
    available_parallelism().map_or(1, NonZero::get)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_everything_but_where_the_servers_are() {
        let entries = |entries: &[(&str, &str)]| -> BTreeMap<String, String> {
            let owned = entries
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()));
            owned.collect()
        };
        let environment = entries(&[
            ("DATABASE_URL", "postgres://elsewhere/users"),
            ("SPIN_VARIABLE_DATABASE_URL", "postgres://elsewhere/users"),
            ("SPIN_VARIABLE_REDIS_ADDRESS", "redis://elsewhere:1"),
            ("SPIN_VARIABLE_MAX_HASHES", "7"),
            ("SPIN_VARIABLE_JWT_ISSUER", "environment"),
        ]);
        let urls = Urls {
            database: "postgres://here:5/users",
            redis: "redis://here:6",
            mqtt: "",
        };
        let variables = component_variables(
            &urls,
            environment.into_iter(),
            entries(&[("jwt_issuer", "chosen")]),
        )
        .unwrap();
        for (name, value) in [
            ("database_address", "postgres://here:5"),
            ("redis_url", "redis://here:6"),
            ("redis_address", "redis://here:6"),
            ("max_hashes", "7"),
            ("jwt_issuer", "chosen"),
        ] {
            assert_eq!(variables[name], value, "{name}");
        }
        assert!(variables["database_url"].starts_with("postgres://here:5/users?"));
        assert_eq!(variables["jwt_secret"].len(), 64);
        assert_eq!(variables["hashes_at_once"], cores().to_string());
    }
}
