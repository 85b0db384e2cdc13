//! Where programs are: on PATH, or where Debian puts those of PostgreSQL and RabbitMQ.

use std::env;
use std::path::{Path, PathBuf};

/// The program `name` on PATH.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// What is run of PostgreSQL.
const POSTGRESQL: [&str; 3] = ["initdb", "postgres", "pg_basebackup"];

/// The folder with PostgreSQL's `initdb`, `postgres` and `pg_basebackup`: one on PATH, else the newest
/// that Debian has installed.
pub fn find_postgresql() -> Option<PathBuf> {
    let has_all = |folder: &PathBuf| POSTGRESQL.iter().all(|name| folder.join(name).is_file());
    let path = env::var_os("PATH").unwrap_or_default();
    if let Some(folder) = env::split_paths(&path).find(has_all) {
        return Some(folder);
    }
    let mut installed: Vec<(u32, PathBuf)> = Path::new("/usr/lib/postgresql")
        .read_dir()
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| has_all(folder))
        .collect();
    installed.sort();
    installed.pop().map(|(_, folder)| folder)
}

/// nginx: on PATH, or where Debian puts it, which only root has on PATH.
pub fn find_nginx() -> Option<PathBuf> {
    let debian = PathBuf::from("/usr/sbin/nginx");
    find_program("nginx").or_else(|| debian.is_file().then_some(debian))
}

/// RabbitMQ's `rabbitmq-server`. Debian's on PATH changes to the system's user `rabbitmq`; the one
/// behind it runs as whoever starts it.
pub fn find_rabbitmq() -> Option<PathBuf> {
    let debian = PathBuf::from("/usr/lib/rabbitmq/bin/rabbitmq-server");
    if debian.is_file() {
        return Some(debian);
    }
    find_program("rabbitmq-server")
}
