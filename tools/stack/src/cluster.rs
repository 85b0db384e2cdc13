//! PostgreSQL's programs, and the folder with its data that they make and use.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::programs::find_postgresql;
use crate::secret;
use crate::server_user::ServerUser;

/// The superuser that `initdb` makes.
pub(crate) const ADMINISTRATOR: &str = "postgres";

/// The data of one server, and what runs on them.
#[derive(Debug)]
pub(crate) struct Cluster {
    programs: PathBuf,
    user: ServerUser,
    folder: PathBuf,
    password: String,
}

impl Cluster {
    /// Finds PostgreSQL's programs and opens the data in `preferred`, or in a folder that PostgreSQL
    /// can reach instead; makes them if there are none, or if they are to be `fresh`.
    pub(crate) fn open(preferred: &Path, fresh: bool, progress: &dyn Fn(&str)) -> Result<Self> {
        let programs = find_postgresql().context(
            "PostgreSQL is missing: no `initdb`, `postgres` and `pg_basebackup` on PATH or in \
             /usr/lib/postgresql/*/bin. Install it (`apt-get install postgresql`), or set \
             DATABASE_URL to a server that is already there",
        )?;
        let user = ServerUser::find()?;
        let folder = user.folder(preferred)?;
        if folder != preferred {
            progress(&format!(
                "PostgreSQL can't run as root, and the user `postgres` can't reach {}. Its data \
                 are in {}",
                preferred.display(),
                folder.display()
            ));
        }
        let data = folder.join("data");
        if fresh {
            remove(&data)?;
        }
        let is_new = !data.exists();
        let password = if is_new {
            secret::random()?
        } else {
            fs::read_to_string(folder.join("password"))
                .with_context(|| format!("can't read {}/password", folder.display()))?
        };
        let cluster = Self {
            programs,
            user,
            folder,
            password,
        };
        if is_new {
            cluster.initialize()?;
        }
        cluster.check_version()?;
        Ok(cluster)
    }

    /// Copies the server at `url`, whose data these are, into a folder beside them, to be its replica.
    pub(crate) fn copy(&self, url: &str) -> Result<Self> {
        let name = self.folder.file_name().unwrap_or_default();
        let preferred = self
            .folder
            .with_file_name(format!("{}-replica", name.display()));
        let copy = Self {
            programs: self.programs.clone(),
            user: self.user,
            folder: self.user.folder(&preferred)?,
            password: self.password.clone(),
        };
        remove(&copy.data())?;
        let mut command = copy.command("pg_basebackup");
        command
            .args(["--checkpoint=fast", "--no-sync", "--write-recovery-conf"])
            .arg(format!("--dbname={url}"))
            .arg(format!("--pgdata={}", copy.data().display()));
        succeed("pg_basebackup", command)?;
        Ok(copy)
    }

    /// The folder that `postgres -D` wants.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The password of its roles.
    pub(crate) fn password(&self) -> &str {
        &self.password
    }

    /// Removes all of it.
    pub(crate) fn remove(&self) -> Result<()> {
        remove(&self.folder)
    }

    /// One of its programs, run by its user. The working folder is its own: it may be unable to
    /// read ours.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = self.user.command(&self.programs.join(program));
        command.current_dir(&self.folder);
        command
    }

    /// Makes the data folder: under another name first, so that a half-made one is never used.
    fn initialize(&self) -> Result<()> {
        let password = self.folder.join("password");
        secret::write(&password, &self.password)?;
        if let ServerUser::System { user, group } = self.user {
            chown(&password, Some(user), Some(group)).context("can't hand over the password")?;
        }
        let unfinished = self.folder.join("data.new");
        remove(&unfinished)?;
        let mut command = self.command("initdb");
        command
            .args([
                "--username",
                ADMINISTRATOR,
                "--auth=scram-sha-256",
                "--no-sync",
            ])
            .args(["--encoding=UTF8", "--locale=C.UTF-8"])
            .arg(format!("--pwfile={}", password.display()))
            .arg(format!("--pgdata={}", unfinished.display()));
        succeed("initdb", command)?;
        fs::rename(&unfinished, self.data())
            .with_context(|| format!("can't rename {}", unfinished.display()))
    }

    /// Data of another major version can't be read: say so better than the server does.
    fn check_version(&self) -> Result<()> {
        let data = self.data();
        let made_by = fs::read_to_string(data.join("PG_VERSION"))
            .with_context(|| format!("{} is no PostgreSQL data folder", data.display()))?;
        let output = self.command("postgres").arg("--version").output();
        let output = output.context("can't run postgres --version")?;
        let found = String::from_utf8_lossy(&output.stdout);
        let major = found
            .split_whitespace()
            .nth(2)
            .and_then(|version| version.split('.').next());
        if major != Some(made_by.trim()) {
            bail!(
                "the data in {} are PostgreSQL {}'s, and {} is found. Start empty with --fresh, or \
                 install PostgreSQL {}",
                data.display(),
                made_by.trim(),
                found.trim(),
                made_by.trim()
            );
        }
        Ok(())
    }
}

fn succeed(name: &str, mut command: Command) -> Result<()> {
    let output = command
        .output()
        .with_context(|| format!("can't run {name}"))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        bail!("{name} failed: {}", error.trim());
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("can't remove {}", folder.display()))?;
    }
    Ok(())
}
