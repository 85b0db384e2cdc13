//! What is measured, and in which order.

use std::time::Duration;

use anyhow::{Context, Result};

use crate::accounts::Accounts;
use crate::exchange::get;
use crate::names::HELLO;
use crate::round_trips::{self, RoundTrips};
use crate::row::{Row, Subject};
use crate::servers::{Servers, Target};
use crate::workload::Workload;
use crate::works::{Making, Redis, WORKS, Work};
use crate::{hashing, idle, login_flood, progress};

/// All workloads take turns so many times, so that what else the machine does meets all of them.
const ROUNDS: u32 = 2;

/// How much is measured.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Requests under way at once: each work is measured with each of these.
    pub(crate) connections: Vec<usize>,
    /// The time that each workload is measured.
    pub(crate) time: Duration,
    /// What the works' names contain that are measured; all if there is none.
    pub(crate) only: Vec<String>,
}

impl Plan {
    /// Whether `work` is measured.
    pub(crate) fn has(&self, work: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| work.contains(part.as_str()))
    }
}

/// What it is measured with.
#[derive(Debug)]
pub(crate) struct Bench<'a> {
    pub(crate) servers: &'a Servers,
    pub(crate) plan: &'a Plan,
    pub(crate) accounts: Accounts,
    pub(crate) redis: Redis,
}

/// Measures everything.
///
/// # Errors
/// If the accounts for it can't be made, or the client itself fails. Failing requests are counted.
pub(crate) async fn measure(servers: &Servers, plan: &Plan) -> Result<Vec<Row>> {
    progress("Registering the accounts to measure with ...");
    let mut bench = Bench::new(servers, plan).await?;
    progress("Counting round trips ...");
    let mut workloads = bench.workloads().await?;
    let time = plan.time / ROUNDS;
    for round in 1..=ROUNDS {
        // At first everything is cold; later only the component's instance is.
        let warm_up = if round == 1 { time } else { time / 4 };
        progress(&format!("Measuring, round {round} of {ROUNDS} ..."));
        for workload in &mut workloads {
            workload.run(warm_up, time).await?;
        }
    }
    workloads.iter().for_each(Workload::complain);
    let mut rows: Vec<Row> = workloads.iter().flat_map(Workload::rows).collect();
    rows.extend(hashing::measure(&mut bench).await?);
    rows.extend(login_flood::measure(&mut bench).await?);
    rows.extend(idle::measure(&mut bench).await?);
    Ok(rows)
}

impl<'a> Bench<'a> {
    async fn new(servers: &'a Servers, plan: &'a Plan) -> Result<Self> {
        let most = plan.connections.iter().copied().max().unwrap_or_default();
        let at_once: usize = plan.connections.iter().sum();
        // Sessions to refresh, each counted and measured: of ours and the reference, and in a flood.
        let unused = 2 * (at_once + 1) + login_flood::CONNECTIONS + 1;
        Ok(Self {
            servers,
            plan,
            accounts: Accounts::register(servers, most.max(login_flood::CONNECTIONS), unused)
                .await?,
            redis: Redis::open(servers.redis_url()).await?,
        })
    }

    /// For whom clients of the server at `url` are made.
    pub(crate) fn making<'b>(&'b mut self, url: &'b str, connections: usize) -> Making<'b> {
        Making {
            url,
            connections,
            accounts: &mut self.accounts,
            redis: &self.redis,
        }
    }

    async fn workloads(&mut self) -> Result<Vec<Workload>> {
        let mut workloads = self.hello()?;
        for (name, work) in WORKS.into_iter().filter(|(name, _)| self.plan.has(name)) {
            for target in [self.servers.ours()?, self.servers.native()] {
                workloads.extend(self.on_each_count(name, work, &target).await?);
            }
        }
        Ok(workloads)
    }

    fn hello(&mut self) -> Result<Vec<Workload>> {
        let hello = self.servers.hello()?;
        let plan = self.plan;
        plan.connections
            .iter()
            .map(|connections| {
                let mut making = self.making(&hello.url, *connections);
                let clients = making.repeated(&get("/"), "Hello")?;
                Ok(Workload::requests(HELLO, &hello, clients).and_open())
            })
            .collect()
    }

    /// A work on each count of connections; in an open loop, too, if it is ours.
    async fn on_each_count(
        &mut self,
        name: &'static str,
        work: Work,
        target: &Target,
    ) -> Result<Vec<Workload>> {
        let round_trips = self.round_trips(name, work, target).await?;
        let plan = self.plan;
        plan.connections
            .iter()
            .map(|connections| {
                let clients = work(&mut self.making(&target.url, *connections))?;
                let workload =
                    Workload::requests(name, target, clients).with_round_trips(round_trips);
                Ok(match target.subject {
                    Subject::Ours => workload.and_open(),
                    _ => workload,
                })
            })
            .collect()
    }

    /// What a request of the work named `name` takes.
    ///
    /// # Errors
    /// If a request fails.
    pub(crate) async fn round_trips(
        &mut self,
        name: &str,
        work: Work,
        target: &Target,
    ) -> Result<RoundTrips> {
        let mut alone = work(&mut self.making(&target.counted_url, 1))?;
        round_trips::count(&mut alone, &self.servers.relays)
            .await
            .with_context(|| format!("{name}, {}", target.subject.name()))
    }
}
