//! Where things lie: the workspace, and `.local/<port>/` with what belongs to one port.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
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
    /// Takes the folder of `port` to keep it.
    ///
    /// # Errors
    /// If another process holds it, or it can't be written.
    pub(crate) fn take(port: u16) -> Result<Self> {
        match Self::take_in(&local(), port, false)? {
            Some(folder) => Ok(folder),
            None => bail!(
                "port {port} belongs to another run in this checkout. Stop that one, or take \
                 another port with --port"
            ),
        }
    }

    /// Takes the folder of `port` until it is dropped; `None` if another process holds it, or if
    /// somebody keeps something in it.
    pub(crate) fn take_temporarily(port: u16) -> Result<Option<Self>> {
        Self::take_in(&local(), port, true)
    }

    fn take_in(local: &Path, port: u16, temporary: bool) -> Result<Option<Self>> {
        let path = local.join(port.to_string());
        let mark = path.join(TEMPORARY);
        let lock = loop {
            let Some(lock) = lock(&path)? else {
                return Ok(None);
            };
            if !mark.exists() {
                break lock;
            }
            // A run that was killed has left it.
            remove(&path).with_context(|| format!("can't remove {}", path.display()))?;
        };
        if temporary {
            if holds_something(&path)? {
                return Ok(None);
            }
            fs::write(&mark, "").with_context(|| format!("can't write {}", mark.display()))?;
        }
        Ok(Some(Self {
            path,
            temporary,
            _lock: lock,
        }))
    }

    /// Tells other programs where consumers find the events of this port's service; empty if nobody
    /// knows that, or there are none.
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
            // What can't be removed is left for the next run.
            let _ = remove(&self.path);
        }
    }
}

/// Where consumers find the events of the service on `port`, as its last run said: empty if that had
/// no RabbitMQ, or one whose AMQP side it did not know; nothing if there was no run.
///
/// # Errors
/// If that can't be read.
pub fn kept_amqp_url(port: u16) -> Result<Option<String>> {
    let path = local().join(port.to_string()).join(AMQP_URL);
    match fs::read_to_string(&path) {
        Ok(url) => Ok(Some(url)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("can't read {}", path.display())),
    }
}

/// Removes the temporary folders of runs that were killed before they could.
pub(crate) fn remove_abandoned() {
    remove_abandoned_in(&local());
}

fn remove_abandoned_in(local: &Path) {
    let Ok(entries) = local.read_dir() else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let mark = path.join(TEMPORARY);
        // The mark counts once the folder is ours: until then it may be another one's.
        if mark.exists()
            && let Ok(Some(_lock)) = lock(&path)
            && mark.exists()
        {
            let _ = remove(&path);
        }
    }
}

/// Makes and locks `folder`; `None` if another process holds it.
fn lock(folder: &Path) -> Result<Option<File>> {
    let path = folder.join(LOCK);
    loop {
        fs::create_dir_all(folder).with_context(|| format!("can't create {}", folder.display()))?;
        let lock = match File::create(&path) {
            // Somebody has removed the folder since.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            lock => lock.with_context(|| format!("can't write in {}", folder.display()))?,
        };
        match lock.try_lock() {
            // Nor does a lock count whose file has left the folder meanwhile.
            Ok(()) if is_at(&lock, &path) => return Ok(Some(lock)),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("can't lock {}", folder.display()));
            }
        }
    }
}

/// `.local/<port>/`, whoever holds it.
pub(crate) fn folder_of(port: u16) -> PathBuf {
    local().join(port.to_string())
}

fn is_at(file: &File, path: &Path) -> bool {
    let number = |metadata: Metadata| (metadata.dev(), metadata.ino());
    let here = file.metadata().map(number);
    fs::metadata(path).is_ok_and(|there| here.is_ok_and(|here| here == number(there)))
}

/// Whether there is more in `folder` than its lock.
fn holds_something(folder: &Path) -> Result<bool> {
    let entries = folder
        .read_dir()
        .with_context(|| format!("can't read {}", folder.display()))?;
    Ok(entries.flatten().any(|entry| entry.file_name() != LOCK))
}

/// Removes `folder`, whose lock we hold: under another name, since the next run may take it at once.
fn remove(folder: &Path) -> io::Result<()> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let renamed = folder.with_file_name(format!("removed-{name}-{}", std::process::id()));
    fs::rename(folder, &renamed)?;
    // What is left under that name is in nobody's way.
    let _ = fs::remove_dir_all(&renamed);
    Ok(())
}

fn local() -> PathBuf {
    workspace_root().join(".local")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of this test's own for what `.local` is otherwise.
    fn local(test: &str) -> PathBuf {
        let name = format!("stack-folder-{test}-{}", std::process::id());
        std::env::temp_dir().join(name)
    }

    /// A run that ends without removing its temporary folder.
    fn is_killed(mut run: Folder) {
        run.temporary = false;
    }

    #[test]
    fn a_folder_is_one_runs_and_a_temporary_one_goes_away() {
        let local = local("one");
        let folder = Folder::take_in(&local, 1, true).unwrap().unwrap();
        assert!(Folder::take_in(&local, 1, true).unwrap().is_none());
        assert!(Folder::take_in(&local, 1, false).unwrap().is_none());
        remove_abandoned_in(&local);
        let path = folder.path().to_owned();
        assert!(path.exists());
        drop(folder);
        assert!(!path.exists());

        is_killed(Folder::take_in(&local, 1, true).unwrap().unwrap());
        assert!(path.exists());
        remove_abandoned_in(&local);
        assert!(!path.exists());
        fs::remove_dir_all(local).unwrap();
    }

    #[test]
    fn what_somebody_keeps_is_not_taken_away() {
        let local = local("kept");
        let kept = Folder::take_in(&local, 1, false).unwrap().unwrap();
        let data = kept.path().join("data");
        fs::write(&data, "").unwrap();
        drop(kept);

        assert!(Folder::take_in(&local, 1, true).unwrap().is_none());
        remove_abandoned_in(&local);
        assert!(data.exists());
        drop(Folder::take_in(&local, 1, false).unwrap().unwrap());
        assert!(data.exists());
        fs::remove_dir_all(local).unwrap();
    }

    #[test]
    fn what_a_killed_run_has_left_is_not_the_next_ones() {
        let local = local("left");
        for temporary in [false, true] {
            let killed = Folder::take_in(&local, 1, true).unwrap().unwrap();
            let data = killed.path().join("data");
            fs::write(&data, "").unwrap();
            is_killed(killed);

            let next = Folder::take_in(&local, 1, temporary).unwrap().unwrap();
            assert!(!data.exists());
            assert_eq!(next.path().join(TEMPORARY).exists(), temporary);
        }
        fs::remove_dir_all(local).unwrap();
    }
}
