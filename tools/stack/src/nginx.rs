//! A private nginx in front of several hosts, set up by `deploy/nginx`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use rustix::process::geteuid;

use crate::folder::workspace_root;
use crate::ports;
use crate::process::{Process, Signal, Stop};
use crate::programs::find_nginx;
use crate::secret;
use crate::starting::{DeathSignal, dying_with_us};

const START_TIME: Duration = Duration::from_secs(30);

/// What `deploy/nginx/user-service.conf` says that is another one here: each stands there once.
const LISTEN: &str = "listen 443 ";
const LISTEN_PLAIN: &str = "listen 80;";
const CERTIFICATE: &str = "/etc/nginx/tls/user-service.crt;";
const KEY: &str = "/etc/nginx/tls/user-service.key;";
const ACCESS_LOG: &str = "/var/log/nginx/access.log ";

/// A private nginx on 127.0.0.1. Dropping it stops it.
#[derive(Debug)]
pub struct Nginx {
    files: Files,
    _process: Arc<Process>,
}

impl Nginx {
    /// Starts one in front of the hosts on the ports `hosts`, with its files in `folder`.
    ///
    /// # Errors
    /// If nginx is missing or does not come up; the text quotes its log.
    pub fn launch(folder: &Path, hosts: &[u16]) -> Result<Self> {
        let folder = folder.join("nginx");
        let files = Files::write(&folder, hosts)?;
        let stop = Stop {
            signal: Signal::TERM,
            patience: Duration::from_secs(10),
            group: true,
            rank: 0,
        };
        let command = dying_with_us(files.command()?, DeathSignal::Terminate);
        let process = Process::start("nginx", command, &folder.join("nginx.log"), stop)?;
        process.wait_until(START_TIME, || ports::answers(files.port))?;
        Ok(Self {
            files,
            _process: process,
        })
    }

    /// Has nginx check the configuration in front of these hosts, with its files in `folder`.
    ///
    /// # Errors
    /// If nginx is missing or finds something; the text says what.
    pub fn check(folder: &Path, hosts: &[u16]) -> Result<()> {
        let files = Files::write(&folder.join("nginx"), hosts)?;
        let output = files.command()?.args(["-t", "-q"]).output();
        let output = output.context("can't run nginx")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "nginx -t: {said}");
        Ok(())
    }

    /// `https://127.0.0.1:<port>`
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.files.port)
    }

    /// `http://127.0.0.1:<port>`, where it leads to TLS.
    pub fn plain_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.files.plain_port)
    }

    /// The file with its certificate (PEM), which nobody else has signed.
    pub fn certificate(&self) -> &Path {
        &self.files.certificate
    }
}

/// What one is started from.
#[derive(Debug)]
struct Files {
    folder: PathBuf,
    port: u16,
    plain_port: u16,
    certificate: PathBuf,
}

impl Files {
    /// Writes them to `folder`: the configuration of `deploy/nginx` in front of `hosts`, on free ports
    /// and with a certificate of its own.
    fn write(folder: &Path, hosts: &[u16]) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("can't create {}", folder.display()))?;
        let mut free = ports::free_ports();
        let (Some(port), Some(plain_port)) = (free.next(), free.next()) else {
            bail!("nginx finds no two free ports");
        };
        let certificate = make_certificate(folder)?;
        let gateway = workspace_root().join("deploy/nginx/user-service.conf");
        let gateway = fs::read_to_string(&gateway)
            .with_context(|| format!("can't read {}", gateway.display()))?;
        let gateway = adapted(&gateway, folder, port, plain_port)?;
        for (name, text) in [
            ("hosts.conf", upstream(hosts)),
            ("user-service.conf", gateway),
            ("nginx.conf", main_configuration(folder)),
        ] {
            let path = folder.join(name);
            fs::write(&path, text).with_context(|| format!("can't write {}", path.display()))?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            port,
            plain_port,
            certificate,
        })
    }

    /// nginx, about to read them.
    fn command(&self) -> Result<Command> {
        let program = find_nginx().context(
            "nginx is missing: no `nginx` on PATH or in /usr/sbin. Install it (`apt-get install \
             nginx-light`)",
        )?;
        let mut command = Command::new(program);
        command
            .arg("-p")
            .arg(&self.folder)
            .arg("-c")
            .arg(self.folder.join("nginx.conf"));
        Ok(command)
    }
}

/// Writes a certificate for 127.0.0.1 and its key to `folder`, and answers the certificate's file.
fn make_certificate(folder: &Path) -> Result<PathBuf> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])
        .context("can't make a certificate")?;
    let certificate = folder.join("certificate.pem");
    fs::write(&certificate, made.cert.pem())
        .with_context(|| format!("can't write {}", certificate.display()))?;
    secret::write(&folder.join("key.pem"), &made.signing_key.serialize_pem())?;
    Ok(certificate)
}

/// `deploy/nginx/hosts.conf` for the hosts on these ports.
fn upstream(hosts: &[u16]) -> String {
    let mut text = String::from("upstream user_service {\n");
    for port in hosts {
        let _ = writeln!(text, "    server 127.0.0.1:{port};");
    }
    text + "    keepalive 128;\n}\n"
}

/// The gateway's configuration with these ports, and its files in `folder`. Nothing else of it changes.
///
/// # Errors
/// If what is to be replaced does not stand there once.
fn adapted(gateway: &str, folder: &Path, port: u16, plain_port: u16) -> Result<String> {
    let folder = folder.display();
    let mut text = gateway.to_owned();
    for (shipped, here) in [
        (LISTEN, format!("listen 127.0.0.1:{port} ")),
        (LISTEN_PLAIN, format!("listen 127.0.0.1:{plain_port};")),
        (CERTIFICATE, format!("{folder}/certificate.pem;")),
        (KEY, format!("{folder}/key.pem;")),
        (ACCESS_LOG, format!("{folder}/access.log ")),
    ] {
        ensure!(
            text.matches(shipped).count() == 1,
            "deploy/nginx/user-service.conf must have {shipped:?} once"
        );
        text = text.replace(shipped, &here);
    }
    Ok(text)
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
    include {folder}/hosts.conf;
    include {folder}/user-service.conf;
}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped(name: &str) -> String {
        fs::read_to_string(workspace_root().join("deploy/nginx").join(name)).unwrap()
    }

    #[test]
    fn only_ports_and_files_differ_from_what_is_shipped() {
        let gateway = shipped("user-service.conf");
        let text = adapted(&gateway, Path::new("/folder"), 4000, 4001).unwrap();
        let changed: Vec<&str> = gateway
            .lines()
            .zip(text.lines())
            .filter(|(shipped, here)| shipped != here)
            .map(|(_, here)| here.trim())
            .collect();
        assert_eq!(
            changed,
            [
                "listen 127.0.0.1:4001;",
                "listen 127.0.0.1:4000 ssl http2 backlog=4096;",
                "access_log /folder/access.log user_service;",
                "ssl_certificate /folder/certificate.pem;",
                "ssl_certificate_key /folder/key.pem;",
            ]
        );
        assert_eq!(gateway.lines().count(), text.lines().count());
    }

    #[test]
    fn a_configuration_without_what_is_replaced_is_refused() {
        let gateway = shipped("user-service.conf").replace(LISTEN, "listen 444 ");
        let error = adapted(&gateway, Path::new("/folder"), 4000, 4001).unwrap_err();
        assert!(error.to_string().contains("listen 443"), "{error}");
    }

    #[test]
    fn the_hosts_are_those_that_there_are_and_all_else_is_as_shipped() {
        let bare = |text: &str| -> String {
            let lines = text
                .lines()
                .map(|line| line.split('#').next().unwrap().trim_end())
                .filter(|line| !line.is_empty());
            lines.flat_map(|line| [line, "\n"]).collect()
        };
        assert_eq!(upstream(&[3000, 3001, 3002]), bare(&shipped("hosts.conf")));
        assert_eq!(upstream(&[1, 2]).matches("server ").count(), 2);
    }
}
