//! The service's scripts, over the same keys with the same arguments.

use std::sync::LazyLock;

use anyhow::{Result, ensure};
use redis::Script;
use uuid::Uuid;

use crate::app::{App, unique_name};

macro_rules! script {
    ($name:literal) => {
        LazyLock::new(|| {
            Script::new(include_str!(concat!(
                "../../../../crates/store/src/",
                $name
            )))
        })
    };
}

static REQUEST: LazyLock<Script> = script!("user_cache/request.lua");
static CHANGE: LazyLock<Script> = script!("user_cache/change.lua");
static ATTEMPT: LazyLock<Script> = script!("attempt.lua");
static CLAIM_HASH: LazyLock<Script> = script!("claim_hash.lua");

/// Milliseconds that a document is kept, and that a session is believed to be live.
const DOCUMENT_TTL: u64 = 3_600_000;
const LIVE_TTL: u64 = 60_000;
/// Milliseconds that a document stays out of date.
const TOMBSTONE_TTL: u64 = 120_000;

/// Who computes a password hash.
const COMPUTING: &str = "us:{hashes}:computing";

/// Milliseconds in which what is missing should be there.
const PATIENCE: u64 = 300;

/// The session, whether the request is allowed, what the limit has left, milliseconds until there is
/// more, the version, the document, and whether to wait for it.
type Reply = (
    Option<String>,
    bool,
    i64,
    i64,
    Option<String>,
    Option<String>,
    bool,
);

/// Something that Redis is to know of a user.
#[derive(Debug)]
pub(crate) enum Change {
    /// A document by its name, its version and what it is; nothing if it is out of date.
    Document(&'static str, i64, Option<String>),
    /// A session that is live.
    Live(Uuid),
}

/// What was seen of a caller.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) is_live: bool,
    pub(crate) document: Option<String>,
}

impl App {
    /// Counts a request of whom `limit` names, and reads the other keys: his session's, the user
    /// object's, and that of the document that is asked for.
    ///
    /// # Errors
    /// If Redis fails, or he has asked too often.
    pub(crate) async fn look_up(&self, limit: &str, others: &[String]) -> Result<Seen> {
        let mut call = REQUEST.prepare_invoke();
        call.key(limit).key(others).arg((0.1, 10_000_000, PATIENCE));
        let reply: Reply = call.invoke_async(&mut self.redis.clone()).await?;
        let (session, allowed, _, _, _, document, _) = reply;
        ensure!(allowed, "too many requests");
        Ok(Seen {
            is_live: session.as_deref() == Some("live"),
            document,
        })
    }

    /// Tells Redis what has changed for `user`.
    ///
    /// # Errors
    /// If Redis fails.
    pub(crate) async fn tell(&self, user: Uuid, changes: &[Change]) -> Result<()> {
        let mut call = CHANGE.prepare_invoke();
        for change in changes {
            match change {
                Change::Document(name, version, Some(document)) => call
                    .key(format!("us:{{{user}}}:{name}"))
                    .arg(("document", version, DOCUMENT_TTL, document)),
                Change::Document(name, version, None) => call
                    .key(format!("us:{{{user}}}:{name}"))
                    .arg(("document", version, TOMBSTONE_TTL, "")),
                Change::Live(session) => call
                    .key(format!("us:{{{user}}}:session:{session}"))
                    .arg(("live", 0, LIVE_TTL, "")),
            };
        }
        Ok(call.invoke_async(&mut self.redis.clone()).await?)
    }

    /// Tells Redis that a service's token is live.
    ///
    /// # Errors
    /// If Redis fails.
    pub(crate) async fn note_live(&self, key: &str) -> Result<()> {
        let mut call = CHANGE.prepare_invoke();
        call.key(key).arg(("live", 0, LIVE_TTL, ""));
        Ok(call.invoke_async(&mut self.redis.clone()).await?)
    }

    /// Counts an attempt at what `key` names.
    ///
    /// # Errors
    /// If Redis fails, or there were too many.
    pub(crate) async fn attempt(&self, key: &str) -> Result<()> {
        let mut call = ATTEMPT.prepare_invoke();
        call.key(format!("us:limit:{key}"))
            .arg((1_000_000, 1_000_000, unique_name()?));
        let (allowed, _, _): (bool, i64, i64) = call.invoke_async(&mut self.redis.clone()).await?;
        ensure!(allowed, "too many attempts");
        Ok(())
    }

    /// Claims a place for a hash and answers its name.
    ///
    /// # Errors
    /// If Redis fails, or there is none.
    pub(crate) async fn claim_hash(&self) -> Result<String> {
        let name = unique_name()?;
        let mut call = CLAIM_HASH.prepare_invoke();
        call.key(COMPUTING)
            .key("us:{hashes}:waiting")
            .arg((64, 64, &name, 2_000_000, 500_000));
        let (claimed, _): (i64, i64) = call.invoke_async(&mut self.redis.clone()).await?;
        ensure!(claimed == 1, "all places are taken");
        Ok(name)
    }

    /// Gives the place of this name back.
    ///
    /// # Errors
    /// If Redis fails.
    pub(crate) async fn give_back(&self, name: &str) -> Result<()> {
        let command = redis::cmd("ZREM").arg(COMPUTING).arg(name).to_owned();
        Ok(command.exec_async(&mut self.redis.clone()).await?)
    }
}
