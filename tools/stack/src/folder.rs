//! Where things lie: the workspace, and `.local/<port>/` with what belongs to one port.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::secret;

/// Locked for as long as the folder is in use.
const LOCK: &str = "lock";
/// The broker as consumers see it, which only the owner may read.
const AMQP_URL: &str = "amqp-url";
/// Marks a folder that is to go away with its run.
const TEMPORARY: &str = "temporary";

/// The root of the workspace, where `spin.toml` is.
pub fn workspace_root() -> PathBuf {
    // This package is two folders below it.
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .skip(2)
        .take(1)
        .collect()
}

/// `.local/<port>/`, held by us alone.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    temporary: bool,
    /// Locked while we live; the system unlocks it however we end.
    _lock: File,
}

impl Folder {
    /// Takes the folder of `port`.
    ///
    /// # Errors
    /// If another process holds it, or it can't be written.
    pub(crate) fn take(port: u16, temporary: bool) -> Result<Self> {
        match Self::take_if_free(port, temporary)? {
            Some(folder) => Ok(folder),
            None => bail!(
                "port {port} belongs to another run in this checkout. Stop that one, or take \
                 another port with --port"
            ),
        }
    }

    /// Takes the folder of `port`; `None` if another process holds it.
    pub(crate) fn take_if_free(port: u16, temporary: bool) -> Result<Option<Self>> {
        let path = folder_of(port);
        fs::create_dir_all(&path).with_context(|| format!("can't create {}", path.display()))?;
        if temporary {
            let mark = path.join(TEMPORARY);
            fs::write(&mark, "").with_context(|| format!("can't write {}", mark.display()))?;
        }
        let lock = File::create(path.join(LOCK))
            .with_context(|| format!("can't write in {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self {
                path,
                temporary,
                _lock: lock,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("can't lock {}", path.display()))
            }
        }
    }

    /// Tells other programs where consumers find the events of this port's service; nothing if that
    /// is empty.
    pub(crate) fn keep_amqp_url(&self, url: &str) -> Result<()> {
        secret::write(&self.path.join(AMQP_URL), url)
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            remove(&self.path);
        }
    }
}

/// Where consumers find the events of the service on `port`, as its last run said.
///
/// # Errors
/// If that can't be read.
pub fn kept_amqp_url(port: u16) -> Result<Option<String>> {
    let path = local().join(port.to_string()).join(AMQP_URL);
    if !path.exists() {
        return Ok(None);
    }
    let url =
        fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
    Ok(Some(url).filter(|url| !url.is_empty()))
}

/// Removes the temporary folders of runs that were killed before they could.
pub(crate) fn remove_abandoned() {
    let Ok(entries) = local().read_dir() else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.join(TEMPORARY).exists()
            && let Ok(lock) = File::open(path.join(LOCK))
            && lock.try_lock().is_ok()
        {
            remove(&path);
        }
    }
}

/// Removes `folder`, which we hold: under another name, since the next run may take it at once. What
/// can't be removed is left for the next attempt.
fn remove(folder: &Path) {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let renamed = local().join(format!("removed-{name}-{}", std::process::id()));
    if fs::rename(folder, &renamed).is_ok() {
        let _ = fs::remove_dir_all(&renamed);
    }
}

/// `.local/<port>/`, whoever holds it.
pub(crate) fn folder_of(port: u16) -> PathBuf {
    local().join(port.to_string())
}

fn local() -> PathBuf {
    workspace_root().join(".local")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_processs_and_a_temporary_one_goes_away() {
        // Nobody else's: it is no port that a service gets.
        let port = 1;
        let folder = Folder::take_if_free(port, true).unwrap().unwrap();
        assert!(Folder::take_if_free(port, true).unwrap().is_none());
        remove_abandoned();
        let path = folder.path().to_owned();
        assert!(path.exists());
        drop(folder);
        assert!(!path.exists());

        let mut killed = Folder::take_if_free(port, true).unwrap().unwrap();
        killed.temporary = false;
        drop(killed);
        assert!(path.exists());
        remove_abandoned();
        assert!(!path.exists());
    }
}
