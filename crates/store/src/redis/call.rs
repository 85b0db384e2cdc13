//! What is asked of Redis: a command, or a script by its digest.

use spin_sdk::redis::{Connection, Error, RedisParameter};

use super::{Reply, Script};

/// One command.
#[derive(Debug)]
pub(super) struct Call<'a> {
    name: &'a str,
    parameters: Vec<RedisParameter>,
    /// The key that says which node of a cluster it is for; all others are in the same slot.
    pub(super) key: Option<&'a str>,
    /// Of a script: its text, for a server that does not have it.
    source: Option<&'static str>,
}

impl<'a> Call<'a> {
    /// The command `name`; its first argument is a key, if it has any.
    pub(super) fn command(name: &'a str, arguments: &[&'a str]) -> Self {
        Self {
            name,
            parameters: arguments.iter().map(|argument| text(argument)).collect(),
            key: arguments.first().copied(),
            source: None,
        }
    }

    /// `script` over `keys` with `arguments`.
    pub(super) fn script(script: &'a Script, keys: &'a [String], arguments: &[&str]) -> Self {
        let mut parameters = vec![text(&script.digest), text(&keys.len().to_string())];
        parameters.extend(keys.iter().map(|key| text(key)));
        parameters.extend(arguments.iter().map(|argument| text(argument)));
        Self {
            name: "EVALSHA",
            parameters,
            key: keys.first().map(String::as_str),
            source: Some(script.source),
        }
    }

    /// Sends it. A script that the server does not have is sent as a whole.
    pub(super) async fn send(&self, connection: &Connection) -> Result<Reply, Error> {
        self.send_after(connection, None).await
    }

    /// Sends it to a node to which its slot is just being moved.
    pub(super) async fn send_asking(&self, connection: &Connection) -> Result<Reply, Error> {
        self.send_after(connection, Some("ASKING")).await
    }

    async fn send_after(
        &self,
        connection: &Connection,
        before: Option<&str>,
    ) -> Result<Reply, Error> {
        let send = async |name: &str, parameters: Vec<RedisParameter>| {
            if let Some(before) = before {
                connection.execute(before, Vec::new()).await?;
            }
            connection.execute(name, parameters).await
        };
        match (send(self.name, self.parameters.clone()).await, self.source) {
            (Err(error), Some(source)) if is_unknown_script(&error) => {
                let mut parameters = self.parameters.clone();
                parameters[0] = text(source);
                send("EVAL", parameters).await
            }
            (answer, _) => answer,
        }
    }
}

fn text(value: &str) -> RedisParameter {
    RedisParameter::Binary(value.as_bytes().to_vec())
}

/// True if Redis does not have the script of this digest (any more).
fn is_unknown_script(error: &Error) -> bool {
    matches!(error, Error::Other(text) if text.to_ascii_lowercase().contains("noscript"))
}
