//! `POST /api/v1/services/delivery/decide`, for messages that take no slot.

use std::sync::Arc;

use anyhow::{Result, anyhow, ensure};
use axum::extract::State;
use domain::delivery::{self, Account, DeliveryRequest, Facts, QuietHours};
use domain::{TimeOfDay, Timestamp};
use http::{HeaderMap, StatusCode};
use tokio_postgres::Row;

use crate::answer::{Answer, success};
use crate::app::App;
use crate::caller::keys_of_session;

pub(crate) async fn decide(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: String,
) -> Answer {
    let token = app.bearer(&headers, "service")?;
    let account = token.user_id;
    let live = format!("us:service:{{{account}}}:token:{}", token.jti);
    let limit = format!("us:service:{{{account}}}:limit:general");
    let keys = keys_of_session(live.clone());
    if !app.look_up(&limit, &keys).await?.is_live {
        let sql = include_str!("../../../../crates/api/src/service_caller.sql");
        let scope = vec!["delivery:decide".to_owned()];
        app.row(sql, &[&account, &token.sid, &scope]).await?;
        app.note_live(&live).await?;
    }

    let request = DeliveryRequest::parse(&serde_json::from_str(&body)?)?;
    let sql = include_str!("../../../../components/services/src/delivery/facts.sql");
    let row = app
        .row(
            sql,
            &[
                &vec![request.user.to_string()],
                &vec![request.channel.as_str()],
                &vec![request.category.as_str()],
                &vec![""],
                &account,
                &None::<i64>,
            ],
        )
        .await?;
    let now = Timestamp::from_unix_microseconds(row.try_get("now")?);
    let decision = delivery::decide(&facts(&row)?, request.channel, request.category, now);
    ensure_no_slot(decision.takes_slot)?;
    let data = serde_json::to_string(&decision)?;
    success(StatusCode::OK, "Delivery decided", &data)
}

fn facts(row: &Row) -> Result<Facts> {
    let time = |name| {
        let text: Option<&str> = row.try_get(name)?;
        let time = text.map(TimeOfDay::parse).transpose();
        time.map_err(|problem| anyhow!("{name}: {problem:?}"))
    };
    let next_slot_at: Option<i64> = row.try_get("next_slot_at")?;
    Ok(Facts {
        account: Account::Active,
        channel_enabled: row.try_get("channel_enabled")?,
        category_enabled: row.try_get("category_enabled")?,
        quiet_hours: QuietHours::new(time("do_not_disturb_start")?, time("do_not_disturb_end")?),
        time_zone: row.try_get("timezone")?,
        frequency_limit: u32::try_from(row.try_get::<_, i64>("frequency_limit")?)?,
        slots_taken: u32::try_from(row.try_get::<_, i64>("slots_taken")?)?,
        next_slot_at: next_slot_at.map(Timestamp::from_unix_microseconds),
    })
}

fn ensure_no_slot(takes_slot: bool) -> Result<()> {
    ensure!(!takes_slot, "the benchmark asks for what takes no slot");
    Ok(())
}
