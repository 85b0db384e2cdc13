//! Push tokens, and what of them can't be brought over as it is.

use anyhow::{Context, Result};
use domain::{PushTokenRegistration, PushTokenType};
use serde_json::Value;

use crate::django::{NIL, Report, Table};

/// The devices of all users.
pub(super) struct PushTokens;

impl Table for PushTokens {
    const NAME: &'static str = "push_tokens";
    const ROWS: &'static str = "push tokens";
    const READ: &'static str = include_str!("push_tokens_read.sql");
    const FIRST: &'static str = NIL;
    const WRITE: &'static str = include_str!("push_tokens_write.sql");
    const TAKEN: &'static str = "Its token or its device is registered here already.";

    fn checked(&self, id: &str, content: &str, report: &mut Report) -> Result<Option<Value>> {
        let mut row: Value = serde_json::from_str(content).with_context(|| {
            format!("the push tokens of the source have another shape, as {id}")
        })?;
        // The rules of a registration are those of a row.
        let registration = match PushTokenRegistration::parse(&row) {
            Ok(registration) => registration,
            Err(errors) => {
                let Some(registration) = subscription(&row) else {
                    let reason = serde_json::to_string(&errors)?;
                    report.refuse(Self::NAME, id, None, &reason);
                    return Ok(None);
                };
                let reason = "It is a Web Push subscription. It becomes vapid.";
                report.change(Self::NAME, id, "token_type", reason);
                registration
            }
        };
        row["token"] = registration.token.expose_secret().into();
        row["token_type"] = registration.token_type.unwrap_or_default().as_str().into();
        row["device_id"] = registration.device_id.unwrap_or_default().into();
        row["device_name"] = registration.device_name.unwrap_or_default().into();
        Ok(Some(row))
    }
}

/// The row as a Web Push subscription, which the old service took for a token of another type.
fn subscription(row: &Value) -> Option<PushTokenRegistration> {
    let mut row = row.clone();
    row.as_object_mut()?.shift_remove("token_type");
    PushTokenRegistration::parse(&row)
        .ok()
        .filter(|registration| registration.token_type == Some(PushTokenType::Vapid))
}
