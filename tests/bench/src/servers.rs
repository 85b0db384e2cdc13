//! What is measured: the service, and what it is compared with, each a process of its own.

use std::collections::BTreeMap;

use anyhow::Result;
use stack::{Host, HostKind, HostOptions, Stack, free_port, workspace_root};

use crate::argon2id::{ITERATIONS, MEMORY_KIB, PARALLELISM};
use crate::progress;
use crate::reference::Reference;
use crate::relay::Relay;
use crate::row::Subject;

/// Limits that no load reaches. They are counted all the same; short windows keep what Redis
/// remembers of the strict ones small.
pub(crate) const RATE_LIMITS: &str = r#"{
    "registration": {"limit": 1000000, "window": 1},
    "login": {"limit": 1000000, "window": 1},
    "login_address": {"limit": 1000000, "window": 1},
    "login_failures": {"limit": 1000000, "window": 1},
    "recovery": {"limit": 1000000, "window": 1},
    "recovery_address": {"limit": 1000000, "window": 1},
    "general": {"rate": 10000000, "burst": 10000000}
}"#;

/// The running servers. Dropping them stops them, the hosts first.
#[derive(Debug)]
pub(crate) struct Servers {
    hello: Host,
    unhashed: Host,
    counted: Host,
    counted_reference: Reference,
    reference: Reference,
    stack: Stack,
    /// In front of PostgreSQL and Redis, for those whose round trips are counted.
    pub(crate) relays: Relays,
}

/// What stands in front of the servers.
#[derive(Debug)]
pub(crate) struct Relays {
    pub(crate) postgres: Relay,
    pub(crate) redis: Relay,
}

/// Something that is measured.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) subject: Subject,
    pub(crate) url: String,
    /// The same where round trips are counted.
    pub(crate) counted_url: String,
    pub(crate) pid: u32,
}

impl Servers {
    /// Starts private servers, the hosts and the reference.
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
        progress("Starting what it is compared with ...");
        let options = stack.host_options(kind);
        let beside = |name: &str, manifest: &str, variables| {
            Host::launch(HostOptions {
                kind,
                port: free_port()?,
                manifest: workspace_root().join(manifest),
                folder: options.folder.join(name),
                variables,
            })
        };

        let mut cheapest = options.variables.clone();
        cheapest.insert("argon2_memory".to_owned(), "8".to_owned());
        cheapest.insert("argon2_iterations".to_owned(), "1".to_owned());
        let relays = Relays {
            postgres: Relay::to(stack.postgresql()?.port())?,
            redis: Relay::to(stack.redis()?.port())?,
        };
        let counted = through(&stack, &relays)?;
        Ok(Self {
            hello: beside("hello", "tests/bench/spin.toml", BTreeMap::new())?,
            unhashed: beside("unhashed", "spin.toml", cheapest)?,
            reference: Reference::start(&options.variables)?,
            counted_reference: Reference::start(&counted)?,
            counted: beside("counted", "spin.toml", counted)?,
            stack,
            relays,
        })
    }

    /// The service.
    ///
    /// # Errors
    /// If it has ended.
    pub(crate) fn ours(&self) -> Result<Target> {
        Ok(Target {
            subject: Subject::Ours,
            url: self.stack.url(),
            counted_url: self.counted.url(),
            pid: self.stack.host()?.pid()?,
        })
    }

    /// The same work outside of WebAssembly.
    pub(crate) fn native(&self) -> Target {
        Target {
            subject: Subject::Native,
            url: self.reference.url(),
            counted_url: self.counted_reference.url(),
            pid: self.reference.pid(),
        }
    }

    /// The component that does nothing.
    ///
    /// # Errors
    /// If it has ended.
    pub(crate) fn hello(&self) -> Result<Target> {
        Ok(Target {
            subject: Subject::Hello,
            url: self.hello.url(),
            counted_url: self.hello.url(),
            pid: self.hello.pid()?,
        })
    }

    /// The same service on the same data, with the cheapest argon2id that there is: it does
    /// everything but the hashing.
    ///
    /// # Errors
    /// If it has ended.
    pub(crate) fn unhashed(&self) -> Result<Target> {
        Ok(Target {
            subject: Subject::Ours,
            url: self.unhashed.url(),
            counted_url: self.unhashed.url(),
            pid: self.unhashed.pid()?,
        })
    }

    /// The same service on the same data, which lets an account be tried once an hour.
    ///
    /// # Errors
    /// If it does not start.
    pub(crate) fn limited(&self, kind: HostKind) -> Result<Host> {
        let mut options = self.stack.host_options(kind);
        let limits = RATE_LIMITS.replace(
            r#""login": {"limit": 1000000, "window": 1}"#,
            r#""login": {"limit": 1, "window": 3600}"#,
        );
        options.variables.insert("rate_limits".to_owned(), limits);
        Host::launch(HostOptions {
            port: free_port()?,
            folder: options.folder.join("limited"),
            ..options
        })
    }

    /// The service's PostgreSQL.
    pub(crate) fn database_url(&self) -> &str {
        self.stack.database_url()
    }

    /// The service's Redis.
    pub(crate) fn redis_url(&self) -> &str {
        self.stack.redis_url()
    }
}

/// The service's variables with the relays' ports in place of the servers'.
fn through(stack: &Stack, relays: &Relays) -> Result<BTreeMap<String, String>> {
    let ports = [
        (
            "database_",
            stack.postgresql()?.port(),
            relays.postgres.port(),
        ),
        ("redis_", stack.redis()?.port(), relays.redis.port()),
    ];
    let mut variables = stack.host_options(HostKind::Dev).variables;
    for (prefix, server, relay) in ports {
        for (name, value) in &mut variables {
            if name.starts_with(prefix) {
                *value = value.replace(&format!(":{server}"), &format!(":{relay}"));
            }
        }
    }
    Ok(variables)
}
