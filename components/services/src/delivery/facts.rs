//! What decisions have to know, read in one statement for all of them.

use domain::delivery::{Account, Category, Channel, DeliveryRequest, Facts, QuietHours};
use domain::{ServiceAccountId, TimeOfDay, Timestamp, UserId};
use store::{DatabaseError, Freshness, Row};

use crate::state::Services;

/// What a decision is about.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) user: UserId,
    pub(super) channel: Channel,
    pub(super) category: Category,
    /// Empty if there is none.
    pub(super) idempotency_key: String,
}

impl From<DeliveryRequest> for Message {
    fn from(request: DeliveryRequest) -> Self {
        let key = request.idempotency_key.as_ref();
        Self {
            user: request.user,
            channel: request.channel,
            category: request.category,
            idempotency_key: key.map_or_else(String::new, |key| key.as_str().to_owned()),
        }
    }
}

/// What is known for one message.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) facts: Facts,
    pub(super) now: Timestamp,
    /// Whether its idempotency key has taken a slot already.
    pub(super) is_repeated: bool,
    /// Whether that was for a message of the same user, channel and category.
    pub(super) is_same_request: bool,
}

/// Reads what is known for each of `messages`, as of `now` or as of this moment.
pub(super) async fn read(
    app: &Services,
    account: ServiceAccountId,
    messages: &[Message],
    now: Option<Timestamp>,
) -> Result<Vec<Known>, DatabaseError> {
    let column = |value: fn(&Message) -> String| messages.iter().map(value).collect::<Vec<_>>();
    let rows = app
        .database
        .read(include_str!("facts.sql"), Freshness::Newest)
        .bind(column(|message| message.user.to_string()))
        .bind(column(|message| message.channel.as_str().to_owned()))
        .bind(column(|message| message.category.as_str().to_owned()))
        .bind(column(|message| message.idempotency_key.clone()))
        .bind(account)
        .bind(now.map(Timestamp::unix_microseconds))
        .many()
        .await?;
    rows.iter().map(known).collect()
}

fn known(row: &Row) -> Result<Known, DatabaseError> {
    let account = match (row.get("is_known")?, row.get("is_active")?) {
        (false, _) => Account::Missing,
        (true, false) => Account::Inactive,
        (true, true) => Account::Active,
    };
    let next_slot_at: Option<i64> = row.get("next_slot_at")?;
    let facts = Facts {
        account,
        channel_enabled: row.get("channel_enabled")?,
        category_enabled: row.get("category_enabled")?,
        quiet_hours: QuietHours::new(
            time_of_day(row, "do_not_disturb_start")?,
            time_of_day(row, "do_not_disturb_end")?,
        ),
        time_zone: row.get("timezone")?,
        frequency_limit: number(row, "frequency_limit")?,
        slots_taken: number(row, "slots_taken")?,
        next_slot_at: next_slot_at.map(Timestamp::from_unix_microseconds),
    };
    Ok(Known {
        facts,
        now: Timestamp::from_unix_microseconds(row.get("now")?),
        is_repeated: row.get("is_repeated")?,
        is_same_request: row.get("is_same_request")?,
    })
}

fn time_of_day(row: &Row, name: &str) -> Result<Option<TimeOfDay>, DatabaseError> {
    let text: Option<String> = row.get(name)?;
    text.map(|text| TimeOfDay::parse(&text))
        .transpose()
        .map_err(|_| DatabaseError::Shape(format!("column {name} is no time of day")))
}

/// A count; one that is too large for the rules is as good as the largest.
fn number(row: &Row, name: &str) -> Result<u32, DatabaseError> {
    let number: u64 = row.get(name)?;
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}
