//! One line of the table in the making.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::load::{Client, load};
use crate::measurement::Measurement;
use crate::row::{Row, Subject};
use crate::{argon2id, progress};

/// Something to do, and what has been measured of it.
#[derive(Debug)]
pub(crate) struct Workload {
    work: &'static str,
    subject: Subject,
    kind: Kind,
    measured: Measurement,
}

#[derive(Debug)]
enum Kind {
    Requests(Vec<Client>),
    NativeHashes,
}

impl Workload {
    /// Requests of these clients, all at once.
    pub(crate) fn requests(work: &'static str, subject: Subject, clients: Vec<Client>) -> Self {
        Self {
            work,
            subject,
            measured: Measurement::of(clients.len()),
            kind: Kind::Requests(clients),
        }
    }

    /// The password hash outside of WebAssembly.
    pub(crate) fn native_hashes(work: &'static str) -> Self {
        Self {
            work,
            subject: Subject::Native,
            measured: Measurement::of(1),
            kind: Kind::NativeHashes,
        }
    }

    /// Measures it for `time`, after `warm_up`. Says what was wrong, if something was.
    ///
    /// # Errors
    /// If the client itself fails. Failing requests are counted.
    pub(crate) async fn run(&mut self, warm_up: Duration, time: Duration) -> Result<()> {
        let measured = match &mut self.kind {
            Kind::Requests(clients) => load(clients, warm_up, time).await?,
            Kind::NativeHashes => tokio::task::spawn_blocking(move || argon2id::measure(time))
                .await
                .context("hashing failed")??,
        };
        if let Some(error) = measured.first_error() {
            let (work, errors) = (self.work, measured.errors());
            progress(&format!("{work}: {errors} errors, such as: {error}"));
        }
        self.measured.merge(measured);
        Ok(())
    }

    /// What has been measured so far.
    pub(crate) fn row(&self) -> Row {
        Row::new(self.work, self.subject, &self.measured)
    }
}
