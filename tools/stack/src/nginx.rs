//! A private nginx in front of several hosts, set up by `deploy/nginx`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use rustix::process::geteuid;

use crate::folder::workspace_root;
use crate::ports;
use crate::process::{Process, Signal, Stop};
use crate::programs::find_nginx;
use crate::starting::{DeathSignal, dying_with_us};

const START_TIME: Duration = Duration::from_secs(30);

/// Where `deploy/nginx` has the hosts, and where it listens.
const HOSTS: [&str; 3] = ["127.0.0.1:3000", "127.0.0.1:3001", "127.0.0.1:3002"];
const LISTEN: &str = "127.0.0.1:8080";

/// A private nginx on 127.0.0.1. Dropping it stops it.
#[derive(Debug)]
pub struct Nginx {
    port: u16,
    _process: Arc<Process>,
}

impl Nginx {
    /// Starts one in front of the hosts on the ports `hosts`, with its files in `folder`.
    ///
    /// # Errors
    /// If nginx is missing or does not come up; the text quotes its log.
    pub fn launch(folder: &Path, hosts: &[u16]) -> Result<Self> {
        let program = find_nginx().context(
            "nginx is missing: no `nginx` on PATH or in /usr/sbin. Install it (`apt-get install \
             nginx-light`)",
        )?;
        let folder = folder.join("nginx");
        fs::create_dir_all(&folder)
            .with_context(|| format!("can't create {}", folder.display()))?;
        let port = ports::free_port()?;
        let gateway = workspace_root().join("deploy/nginx/user-service.conf");
        let gateway = fs::read_to_string(&gateway)
            .with_context(|| format!("can't read {}", gateway.display()))?;
        for (name, text) in [
            ("user-service.conf", adapted(&gateway, port, hosts)),
            ("nginx.conf", main_configuration(&folder)),
        ] {
            let path = folder.join(name);
            fs::write(&path, text).with_context(|| format!("can't write {}", path.display()))?;
        }
        let mut command = Command::new(program);
        command
            .arg("-p")
            .arg(&folder)
            .arg("-c")
            .arg(folder.join("nginx.conf"));
        let stop = Stop {
            signal: Signal::TERM,
            patience: Duration::from_secs(10),
            group: true,
            rank: 0,
        };
        let command = dying_with_us(command, DeathSignal::Terminate);
        let process = Process::start("nginx", command, &folder.join("nginx.log"), stop)?;
        process.wait_until(START_TIME, || ports::answers(port))?;
        Ok(Self {
            port,
            _process: process,
        })
    }

    /// `http://127.0.0.1:<port>`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// The gateway's configuration, listening on `port` in front of `hosts`.
fn adapted(gateway: &str, port: u16, hosts: &[u16]) -> String {
    // The tests are the timers that it does not let through.
    let (gateway, end) = match gateway.split_once("    # For the timers") {
        Some((gateway, _)) => (gateway.trim_end(), "}\n"),
        None => (gateway, ""),
    };
    let mut lines = Vec::new();
    for line in gateway.lines() {
        let host = HOSTS
            .iter()
            .position(|host| line.contains(&format!("server {host};")));
        match host {
            // The first stands for all of them.
            Some(0) => lines.extend(
                hosts
                    .iter()
                    .map(|port| format!("    server 127.0.0.1:{port};")),
            ),
            Some(_) => {}
            None => lines.push(line.replace(LISTEN, &format!("127.0.0.1:{port}"))),
        }
    }
    lines.join("\n") + "\n" + end
}

/// What Debian's nginx.conf is to its nginx.
fn main_configuration(folder: &Path) -> String {
    let folder = folder.display();
    // As root it would change to a user who may be unable to reach the folder.
    let user = if geteuid().is_root() {
        "user root;\n"
    } else {
        ""
    };
    format!(
        "{user}daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{
    worker_connections 4096;
}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/user-service.conf;
}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gateway_leads_to_the_hosts_that_there_are() {
        let path = workspace_root().join("deploy/nginx/user-service.conf");
        let gateway = fs::read_to_string(path).unwrap();
        let text = adapted(&gateway, 4000, &[4001, 4002]);
        assert!(text.contains("listen 127.0.0.1:4000 "), "{text}");
        assert_eq!(
            text.matches("    server 127.0.0.1:400").count(),
            2,
            "{text}"
        );
        assert!(!text.contains(":3000") && !text.contains(":8080"), "{text}");
        assert!(
            !text.contains("/internal/") && text.ends_with("}\n}\n"),
            "{text}"
        );
    }
}
