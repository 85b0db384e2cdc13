//! What Redis holds of a user: documents ready to be sent, and the state of sessions.
//!
//! All keys of a user carry his identifier as their hash tag, so that they live in one slot of a
//! Redis Cluster and one script reads or writes them in one step.

mod catch_up;
mod change;
mod look_up;
mod untold;

use std::slice;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use domain::{BurstLimit, SessionId, UserId};
use spin_sdk::time::sleep;
use spin_sdk::wasip3::spawn;

pub use change::Change;
pub(crate) use look_up::{CallerKeys, look_up};
pub use look_up::{Seen, SessionState};

use crate::Database;
use crate::redis::{Redis, RedisError, Script};
use crate::time_limit::bounded;
use catch_up::CaughtUp;
use change::Entry;

pub(crate) static CHANGE: LazyLock<Script> =
    LazyLock::new(|| Script::new(include_str!("change.lua")));

/// How long a session that PostgreSQL has confirmed is believed to be live.
pub(crate) const LIVE_TTL: Duration = Duration::from_mins(1);

/// How long telling of a change may wait for Redis, and then for PostgreSQL, however long its request has waited
/// before.
const TELLING: Duration = Duration::from_millis(600);

/// How long until a change that neither Redis nor PostgreSQL took note of is told again: longer than
/// they are left alone.
const REPEAT_AFTER: Duration = Duration::from_millis(1_200);

/// How often it is told again: in all for longer than a session is believed to be live.
const REPEATS: u32 = 60;

/// A cached object of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachedDocument {
    /// The user object.
    User,
    /// The notification preferences.
    Preferences,
}

impl CachedDocument {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Preferences => "preferences",
        }
    }

    fn ttl(self) -> Duration {
        match self {
            Self::User => Duration::from_hours(1),
            Self::Preferences => Duration::from_hours(24),
        }
    }
}

/// The cached state of users.
#[derive(Clone, Debug)]
pub struct UserCache {
    redis: Redis,
    /// Where it is noted what Redis could not be told of.
    database: Database,
    caught_up: Arc<CaughtUp>,
}

impl UserCache {
    /// The cache in `redis` of what is in `database`.
    pub fn new(redis: Redis, database: Database) -> Self {
        Self {
            redis,
            database,
            caught_up: Arc::default(),
        }
    }

    /// Reads the state of `session` and `document`, and counts a request of `user` against
    /// `limit`, in one round trip. What is missing, but about to be left there by a request that came
    /// before, is waited for, though not for long.
    ///
    /// # Errors
    /// [`RedisError`]: PostgreSQL decides then, and nothing is counted.
    pub async fn look_up(
        &self,
        user: UserId,
        session: SessionId,
        document: Option<CachedDocument>,
        limit: BurstLimit,
    ) -> Result<Seen, RedisError> {
        let keys = CallerKeys {
            limit: format!("us:{{{user}}}:limit:general"),
            session: session_key(user, session),
            documents: Some((
                document_key(user, CachedDocument::User),
                document.map(|document| document_key(user, document)),
            )),
        };
        self.reading(|| look_up(&self.redis, &keys, limit)).await
    }

    /// Counts a request of nobody that is known, from `address`, against `limit`.
    ///
    /// # Errors
    /// [`RedisError`]: nothing is counted then.
    pub async fn count_anonymous(
        &self,
        address: &str,
        limit: BurstLimit,
    ) -> Result<Seen, RedisError> {
        let key = format!("us:limit:general:{address}");
        look_up::count(&self.redis, key, limit).await
    }

    /// Reads `document` of `user`, for who is not this user; nothing if it is not cached.
    ///
    /// # Errors
    /// [`RedisError`]: PostgreSQL has it.
    pub async fn document(
        &self,
        user: UserId,
        document: CachedDocument,
    ) -> Result<Option<String>, RedisError> {
        let key = document_key(user, document);
        self.reading(|| look_up::document(&self.redis, &key)).await
    }

    /// What `read` finds in Redis, once that was told all that it had missed. It is read again if there
    /// was an interruption meanwhile, as when another node of a cluster is asked for the first time.
    async fn reading<T, F: Future<Output = Result<T, RedisError>>>(
        &self,
        read: impl Fn() -> F,
    ) -> Result<T, RedisError> {
        for _ in 0..2 {
            self.catch_up().await?;
            let interruptions = Redis::interruptions();
            let found = read().await?;
            if interruptions == Redis::interruptions() {
                return Ok(found);
            }
        }
        Err(RedisError::outdated())
    }

    /// Tells Redis what has changed for `user`, in one step.
    ///
    /// # Errors
    /// [`RedisError`]: Redis may then hold what is out of date.
    pub async fn apply(&self, user: UserId, changes: &[Change]) -> Result<(), RedisError> {
        if changes.is_empty() {
            return Ok(());
        }
        let entries = entries(user, changes);
        match self.write(&entries).await {
            // Each of them finds its way to where it belongs; together they would have to wait.
            Err(error) if error.is_split_by_a_move() && entries.len() > 1 => {
                for entry in &entries {
                    self.write(slice::from_ref(entry)).await?;
                }
                Ok(())
            }
            answer => answer,
        }
    }

    /// Writes `entries` in one step.
    async fn write(&self, entries: &[Entry]) -> Result<(), RedisError> {
        let keys: Vec<String> = entries.iter().map(|entry| entry.key.clone()).collect();
        let arguments: Vec<&str> = entries
            .iter()
            .flat_map(|entry| entry.arguments.iter().map(String::as_str))
            .collect();
        self.redis
            .insist(&CHANGE, &keys, &arguments)
            .await
            .map(drop)
    }

    /// Tells Redis what has changed for `user`. If it does not take it, PostgreSQL keeps it, and who
    /// finds Redis working again tells it. There is time for that even if the change took all that its
    /// request had.
    pub async fn apply_or_note(&self, user: UserId, changes: Vec<Change>) {
        bounded(TELLING, self.tell(user, changes)).await;
    }

    async fn tell(&self, user: UserId, mut changes: Vec<Change>) {
        if self.apply(user, &changes).await.is_ok() || !self.redis.is_configured() {
            return;
        }
        changes.retain_mut(Change::is_still_true);
        if changes.is_empty() || self.note(user, &changes).await {
            return;
        }
        let cache = self.clone();
        spawn(async move {
            for _ in 0..REPEATS {
                sleep(REPEAT_AFTER).await;
                if cache.apply(user, &changes).await.is_ok() || cache.note(user, &changes).await {
                    break;
                }
            }
        });
    }

    /// Has PostgreSQL keep `changes`, which Redis has not taken; false if it can't.
    async fn note(&self, user: UserId, changes: &[Change]) -> bool {
        let noted = untold::note(&self.database, user, &entries(user, changes)).await;
        let Ok(id) = noted else {
            return false;
        };
        // Somebody may have found Redis working again, and nothing noted, just before this was.
        if self.apply(user, changes).await.is_ok() {
            let _ = untold::forget(&self.database, vec![id]).await;
        }
        true
    }
}

fn entries(user: UserId, changes: &[Change]) -> Vec<Entry> {
    changes
        .iter()
        .map(|change| Entry::of(user, change))
        .collect()
}

fn session_key(user: UserId, session: SessionId) -> String {
    format!("us:{{{user}}}:session:{session}")
}

fn document_key(user: UserId, document: CachedDocument) -> String {
    format!("us:{{{user}}}:{}", document.name())
}
