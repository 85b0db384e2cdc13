//! One work of one subject on so many connections, and what has been measured of it.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::load::{Client, load};
use crate::measurement::Measurement;
use crate::open_loop::open_loop;
use crate::round_trips::RoundTrips;
use crate::row::{Row, Subject};
use crate::servers::Target;
use crate::usage::Usage;
use crate::{argon2id, progress};

/// What part of the requests that a closed loop has reached are due in the open one.
const PART_DUE: f64 = 0.5;

/// Something to do, and what has been measured of it.
#[derive(Debug)]
pub(crate) struct Workload {
    work: &'static str,
    subject: Subject,
    kind: Kind,
    measured: Measurement,
    open: Option<Measurement>,
    round_trips: RoundTrips,
    usage: Usage,
}

#[derive(Debug)]
enum Kind {
    Requests { clients: Vec<Client>, pid: u32 },
    NativeHashes,
}

impl Kind {
    /// What who does the work has taken so far.
    fn usage(&self) -> Result<Usage> {
        match self {
            Self::Requests { pid, .. } => Usage::of(*pid),
            Self::NativeHashes => Usage::alone(std::process::id()),
        }
    }
}

impl Workload {
    /// Requests of these clients, all at once.
    pub(crate) fn requests(work: &'static str, target: &Target, clients: Vec<Client>) -> Self {
        let pid = target.pid;
        let connections = clients.len();
        Self {
            kind: Kind::Requests { clients, pid },
            ..Self::nothing(work, target.subject, connections)
        }
    }

    /// The password hash outside of WebAssembly.
    pub(crate) fn native_hashes(work: &'static str) -> Self {
        Self::nothing(work, Subject::Native, 1)
    }

    fn nothing(work: &'static str, subject: Subject, connections: usize) -> Self {
        Self {
            work,
            subject,
            kind: Kind::NativeHashes,
            measured: Measurement::of(connections),
            open: None,
            round_trips: RoundTrips::default(),
            usage: Usage::default(),
        }
    }

    /// The same, measured in an open loop, too.
    pub(crate) fn and_open(self) -> Self {
        let open = Some(Measurement::of(self.measured.connections()));
        Self { open, ..self }
    }

    /// The same with what was counted of a request.
    pub(crate) fn with_round_trips(self, round_trips: RoundTrips) -> Self {
        Self {
            round_trips,
            ..self
        }
    }

    /// Measures it for `time`, after `warm_up`.
    ///
    /// # Errors
    /// If the client itself fails. Failing requests are counted.
    pub(crate) async fn run(&mut self, warm_up: Duration, time: Duration) -> Result<()> {
        if let Kind::Requests { clients, .. } = &mut self.kind {
            load(clients, warm_up).await?;
        }
        let before = self.kind.usage()?;
        let measured = match &mut self.kind {
            Kind::Requests { clients, .. } => load(clients, time).await?,
            Kind::NativeHashes => tokio::task::spawn_blocking(move || argon2id::measure(time))
                .await
                .context("hashing failed")??,
        };
        let after = self.kind.usage()?;
        self.usage.cpu += after.cpu.saturating_sub(before.cpu);
        self.usage.memory_kib = self.usage.memory_kib.max(after.memory_kib);

        let rate = measured.requests_per_second() * PART_DUE;
        if let (Kind::Requests { clients, .. }, Some(open)) = (&mut self.kind, &mut self.open)
            && rate > 0.0
        {
            open.merge(open_loop(clients, rate, time).await?);
        }
        self.measured.merge(measured);
        Ok(())
    }

    /// Says what was wrong, if something was.
    pub(crate) fn complain(&self) {
        for measured in [Some(&self.measured), self.open.as_ref()]
            .into_iter()
            .flatten()
        {
            if let Some(error) = measured.first_error() {
                let (work, subject) = (self.work, self.subject.name());
                let errors = measured.errors();
                progress(&format!(
                    "{work}, {subject}: {errors} errors, such as: {error}"
                ));
            }
        }
    }

    /// What has been measured so far.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row> {
        let requests = self.measured.successes() + self.measured.errors();
        let closed =
            Row::new(self.work, self.subject, &self.measured).with_usage(self.usage, requests);
        let open = self.open.as_ref().map(|open| {
            let work = format!("{}, open loop", self.work);
            Row::new(&work, self.subject, open)
        });
        let round_trips = self.round_trips;
        [Some(closed), open]
            .into_iter()
            .flatten()
            .map(move |row| row.with_round_trips(round_trips))
    }
}
