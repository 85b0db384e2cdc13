//! Several hosts behind nginx, that share nothing but their servers.

use anyhow::Result;
use stack::{Host, HostKind, HostOptions, Nginx, Stack, free_port};

use crate::progress::step;

/// Where nginx's requests come from: `trusted_proxies`.
pub(crate) const GATEWAY: &str = "127.0.0.1/32";

/// nginx, with the hosts behind it that are not the stack's own. It ends before they do.
pub(crate) struct Gateway {
    nginx: Nginx,
    _hosts: Vec<Host>,
}

impl Gateway {
    /// Starts further hosts beside that of `stack`, so that there are `count` of them, and nginx.
    ///
    /// # Errors
    /// If one does not come up.
    pub(crate) fn start(stack: &Stack, kind: HostKind, count: u16) -> Result<Self> {
        let mut ports = vec![stack.port()];
        let mut hosts = Vec::new();
        for number in 2..=count {
            step(&format!("Starting host {number} of {count}"));
            let port = free_port()?;
            hosts.push(Host::launch(HostOptions {
                port,
                folder: stack.folder().join(format!("host-{number}")),
                ..stack.host_options(kind)
            })?);
            ports.push(port);
        }
        step("Starting nginx");
        let nginx = Nginx::launch(stack.folder(), &ports)?;
        Ok(Self {
            nginx,
            _hosts: hosts,
        })
    }

    /// nginx, where clients find the service.
    pub(crate) fn nginx(&self) -> &Nginx {
        &self.nginx
    }
}
