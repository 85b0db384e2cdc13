//! Push tokens, as Django stores them.

use anyhow::Result;
use serde_json::Value;

use crate::django::{NIL, Report, Table};

/// Push tokens that were changed since a moment.
pub(super) struct PushTokens {
    since: String,
}

impl PushTokens {
    pub(super) fn since(moment: &str) -> Self {
        Self {
            since: moment.to_owned(),
        }
    }
}

impl Table for PushTokens {
    const NAME: &'static str = "push_tokens";
    const ROWS: &'static str = "push tokens";
    const READ: &'static str = include_str!("push_tokens_read.sql");
    const FIRST: &'static str = NIL;
    const WRITE: &'static str = include_str!("push_tokens_write.sql");
    const TAKEN: &'static str = "It was not written.";

    fn read_parameters(&self) -> Vec<String> {
        vec![self.since.clone()]
    }

    fn checked(&self, _: &str, content: &str, _: &mut Report) -> Result<Option<Value>> {
        Ok(Some(serde_json::from_str(content)?))
    }
}
