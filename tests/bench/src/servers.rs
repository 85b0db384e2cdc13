//! What is measured: the service, and what it is compared with, each on a host of its own.

use std::collections::BTreeMap;

use anyhow::Result;
use stack::{Host, HostKind, HostOptions, Stack, free_port, workspace_root};

use crate::argon2id::{ITERATIONS, MEMORY_KIB, PARALLELISM};
use crate::progress;

/// Limits that no load reaches. They are counted all the same; short windows keep what Redis
/// remembers of the strict ones small.
pub(crate) const RATE_LIMITS: &str = r#"{
    "registration": {"limit": 1000000, "window": 1},
    "login": {"limit": 1000000, "window": 1},
    "login_address": {"limit": 1000000, "window": 1},
    "general": {"rate": 10000000, "burst": 10000000}
}"#;

/// The running servers. Dropping them stops them, the hosts first.
#[derive(Debug)]
pub(crate) struct Servers {
    hello: Host,
    unhashed: Host,
    stack: Stack,
}

impl Servers {
    /// Starts private servers and the hosts.
    ///
    /// # Errors
    /// If one does not start; the text says which and why.
    pub(crate) fn start(kind: HostKind) -> Result<Self> {
        let stack = Stack::builder()
            .host(kind)
            .variable("rate_limits", RATE_LIMITS)
            .variable("argon2_memory", &MEMORY_KIB.to_string())
            .variable("argon2_iterations", &ITERATIONS.to_string())
            .variable("argon2_parallelism", &PARALLELISM.to_string())
            .progress(|step| progress(&format!("{step} ...")))
            .start()?;
        progress("Starting the hosts that it is compared with ...");
        let options = stack.host_options(kind);

        let mut cheapest = options.variables.clone();
        cheapest.insert("argon2_memory".to_owned(), "8".to_owned());
        cheapest.insert("argon2_iterations".to_owned(), "1".to_owned());
        let unhashed = Host::launch(HostOptions {
            port: free_port()?,
            folder: options.folder.join("unhashed"),
            variables: cheapest,
            ..options.clone()
        })?;
        let hello = Host::launch(HostOptions {
            port: free_port()?,
            manifest: workspace_root().join("tests/bench/spin.toml"),
            folder: options.folder.join("hello"),
            variables: BTreeMap::new(),
            ..options
        })?;
        Ok(Self {
            hello,
            unhashed,
            stack,
        })
    }

    /// The service.
    pub(crate) fn service(&self) -> String {
        self.stack.url()
    }

    /// The same service on the same data, with the cheapest argon2id that there is: it does
    /// everything but the hashing.
    pub(crate) fn unhashed(&self) -> String {
        self.unhashed.url()
    }

    /// The component that does nothing.
    pub(crate) fn hello(&self) -> String {
        self.hello.url()
    }

    /// The service's Redis.
    pub(crate) fn redis_url(&self) -> &str {
        self.stack.redis_url()
    }
}
