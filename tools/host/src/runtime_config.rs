//! runtime-config.toml: where variables come from and how many connections may be open.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::blocked_networks::BlockedNetwork;
use crate::manifest::read_toml;

/// The file's content. What belongs to parts of Spin that the host lacks may stand in it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RuntimeConfig {
    #[serde(rename = "variables_provider", alias = "config_provider")]
    pub(crate) variable_providers: Vec<VariableProviderConfig>,
    #[serde(rename = "outbound_pg")]
    pub(crate) postgres: ConnectionConfig,
    #[serde(rename = "outbound_redis")]
    pub(crate) redis: ConnectionConfig,
    #[serde(rename = "outbound_mqtt")]
    pub(crate) mqtt: MqttConfig,
    #[serde(rename = "outbound_networking")]
    pub(crate) networking: NetworkingConfig,
    #[serde(rename = "outbound_http")]
    _http: Option<IgnoredAny>,
}

/// One `[[variables_provider]]`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", deny_unknown_fields)]
pub(crate) enum VariableProviderConfig {
    /// Values that stand in the file itself.
    Static { values: HashMap<String, String> },
    /// The environment and a file of the same form.
    Env {
        /// What names begin with, `SPIN_VARIABLE` if it is missing.
        prefix: Option<String>,
        /// A file to look into for what the environment lacks.
        dotenv_path: Option<PathBuf>,
    },
}

/// The limit for one kind of connection.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ConnectionConfig {
    /// How many may be open at once; further ones wait.
    pub(crate) max_connections: Option<usize>,
}

/// The limits for connections to MQTT brokers.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct MqttConfig {
    /// How many may be open at once; further ones wait.
    pub(crate) max_connections: Option<usize>,
    /// How long a message may be, in bytes.
    pub(crate) max_payload_size_bytes: Option<usize>,
}

/// What holds for all kinds of connections.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NetworkingConfig {
    /// Networks that nobody may connect to by HTTP or Redis.
    pub(crate) block_networks: Vec<BlockedNetwork>,
    /// How many may be open at once; further ones wait.
    pub(crate) max_total_connections: Option<usize>,
}

impl RuntimeConfig {
    /// Reads the file, if there is one.
    pub(crate) fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        path.map_or_else(|| Ok(Self::default()), read_toml)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_and_limits_are_read() {
        let config: RuntimeConfig = toml::from_str(
            r#"
            [[variables_provider]]
            type = "static"
            values = { level = "debug" }

            [[variables_provider]]
            type = "env"
            prefix = "APP"
            dotenv_path = ".env"

            [outbound_pg]
            max_connections = 40

            [outbound_mqtt]
            max_connections = 8
            max_payload_size_bytes = 9000

            [outbound_networking]
            block_networks = ["private", "203.0.113.0/24"]
            max_total_connections = 100

            [outbound_http]
            max_concurrent_requests = 4
            "#,
        )
        .unwrap();
        assert_eq!(config.variable_providers.len(), 2);
        assert_eq!(config.postgres.max_connections, Some(40));
        assert_eq!(config.redis.max_connections, None);
        assert_eq!(config.mqtt.max_connections, Some(8));
        assert_eq!(config.mqtt.max_payload_size_bytes, Some(9000));
        assert_eq!(config.networking.max_total_connections, Some(100));
        assert_eq!(config.networking.block_networks.len(), 2);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for text in [
            "[[variables_provider]]\ntype = \"vault\"\nurl = \"x\"",
            "[[variables_provider]]\ntype = \"env\"\npath = \"x\"",
            "[outbound_pg]\nmax = 1",
            "[outbound_mqtt]\nwait_timeout = 1",
            "[outbound_networking]\nblock_networks = [\"public\"]",
            "[key_value_store.default]\ntype = \"redis\"",
        ] {
            assert!(
                toml::from_str::<RuntimeConfig>(text).is_err(),
                "accepted: {text}"
            );
        }
    }
}
