//! Where the message broker is, and as whom to speak to it.

use std::fmt;

use crate::settings::SettingError;
use crate::url_encoded;

/// The setting that holds the URL.
const NAME: &str = "mqtt_url";

/// A broker that speaks MQTT: its address and the user to connect as.
#[derive(Clone, PartialEq, Eq)]
pub struct BrokerUrl {
    address: String,
    username: String,
    password: String,
}

impl BrokerUrl {
    /// Reads `mqtt://user:password@host:port`, with user and password percent-encoded; also
    /// `mqtts://`. Nothing if `text` is empty: there is no broker then.
    ///
    /// # Errors
    /// If it has another form.
    pub fn parse(text: &str) -> Result<Option<Self>, SettingError> {
        if text.is_empty() {
            return Ok(None);
        }
        Self::from_text(text)
            .map(Some)
            .ok_or_else(|| SettingError::new(NAME, "must look like mqtt://user:password@host:port"))
    }

    fn from_text(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let (user, server) = rest.rsplit_once('@')?;
        let (username, password) = user.split_once(':')?;
        let (host, port) = server.trim_end_matches('/').rsplit_once(':')?;
        let is_server = !host.is_empty() && port.parse::<u16>().is_ok();
        if !["mqtt", "mqtts"].contains(&scheme) || !is_server {
            return None;
        }
        Some(Self {
            address: format!("{scheme}://{host}:{port}"),
            username: url_encoded::decode_percent(username).ok()?,
            password: url_encoded::decode_percent(password).ok()?,
        })
    }

    /// The broker as a list of allowed hosts names it: `mqtt://host:port`
    pub fn server(&self) -> &str {
        &self.address
    }

    /// The address at which to open a connection that calls itself `client_id`: the broker throws
    /// out whoever else has the same.
    pub fn address(&self, client_id: &str) -> String {
        format!("{}?client_id={client_id}", self.address)
    }

    /// The user to connect as.
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The user's password.
    pub fn expose_password(&self) -> &str {
        &self.password
    }
}

/// Without the password.
impl fmt::Debug for BrokerUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("BrokerUrl")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_is_an_address_and_a_user() {
        let url = BrokerUrl::parse("mqtt://us%2Fers:p%40s+s@broker.example:1883")
            .unwrap()
            .unwrap();
        assert_eq!(
            url.address("us-1"),
            "mqtt://broker.example:1883?client_id=us-1"
        );
        assert_eq!(url.server(), "mqtt://broker.example:1883");
        assert_eq!(url.username(), "us/ers");
        assert_eq!(url.expose_password(), "p@s+s");
        assert!(!format!("{url:?}").contains("p@s"));
    }

    #[test]
    fn an_empty_setting_is_no_broker() {
        assert_eq!(BrokerUrl::parse(""), Ok(None));
    }

    #[test]
    fn other_forms_are_refused_without_repeating_them() {
        for text in [
            "broker:1883",
            "mqtt://broker:1883",
            "mqtt://user@broker:1883",
            "mqtt://user:secret@broker",
            "mqtt://user:secret@:1883",
            "mqtt://user:secret@broker:port",
            "mqtt://user:%zz@broker:1883",
            "mqtt://user:secret@broker:1883/topic",
            "mqtt://user:secret@broker:1883?client_id=one",
            "amqp://user:secret@broker:5672",
        ] {
            let error = BrokerUrl::parse(text).unwrap_err();
            assert_eq!(error.name(), "mqtt_url", "{text}");
            assert!(!error.to_string().contains("secret"));
        }
    }
}
