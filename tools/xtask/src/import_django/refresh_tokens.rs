//! Refresh tokens of the old service that may be exchanged once: not the tokens, which are not read, but which
//! there are.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::django::{Report, Table};

/// Those that have not expired; the others are good for nothing anywhere.
pub(super) const UNEXPIRED: &str = "expires_at > now()";

/// Outstanding refresh tokens, with whether they are blacklisted.
pub(super) struct RefreshTokens;

impl Table for RefreshTokens {
    const NAME: &'static str = "token_blacklist_outstandingtoken";
    const ROWS: &'static str = "refresh tokens";
    // No file: this service has no such tables.
    const READ: &'static str = "
        select
            token.id::text as id,
            json_build_object(
                'jti', token.jti,
                'user_id', token.user_id,
                'expires_at', token.expires_at,
                'ended_at', blacklisted.blacklisted_at
            )::text as content
        from token_blacklist_outstandingtoken as token
        left join token_blacklist_blacklistedtoken as blacklisted on blacklisted.token_id = token.id
        where token.id > $1::text::bigint and token.expires_at > now()
        order by token.id
        limit $2";
    const FIRST: &'static str = "0";
    const WRITE: &'static str = include_str!("refresh_tokens_write.sql");
    const TAKEN: &'static str = "Another token has its jti.";

    fn checked(&self, id: &str, content: &str, report: &mut Report) -> Result<Option<Value>> {
        let row: Value = serde_json::from_str(content).with_context(|| {
            format!("the refresh tokens of the source have another shape, as {id}")
        })?;
        let jti = row["jti"].as_str().unwrap_or_default();
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if jti.len() != 32 || !jti.bytes().all(is_hex) {
            let reason = "It is not 32 hexadecimal digits.";
            report.refuse(Self::NAME, id, Some("jti"), reason);
            return Ok(None);
        }
        Ok(Some(row))
    }
}
