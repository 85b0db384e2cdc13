//! The Spin variables of the components, from the servers and from what the caller chooses.

use std::collections::BTreeMap;
use std::env;

use anyhow::Result;

use crate::secret;
use crate::variables::{
    component_database_url, database_address, mqtt_address, redis_address, service_address,
};

/// Where the servers are; empty for one that there is none of.
pub(crate) struct Urls<'a> {
    pub(crate) database: &'a str,
    pub(crate) redis: &'a str,
    pub(crate) mqtt: &'a str,
}

/// The variables that the components get, besides the defaults in `spin.toml`: those that `chosen`
/// names, else the caller's own `SPIN_VARIABLE_*`, else what follows from the servers.
pub(crate) fn component_variables(
    urls: &Urls<'_>,
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
    for (name, value) in env::vars() {
        if let Some(name) = name.strip_prefix("SPIN_VARIABLE_") {
            variables.insert(name.to_ascii_lowercase(), value);
        }
    }
    variables.extend(chosen);
    for (address, derived) in [
        (
            "database_address",
            database_address(&variables["database_url"])?,
        ),
        ("redis_address", redis_address(&variables["redis_url"])?),
        ("mqtt_address", mqtt_address(&variables["mqtt_url"])?),
        (
            "template_service_address",
            service_address(variables.get("template_service_url").map_or("", |url| url))?,
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
    Ok(variables)
}
