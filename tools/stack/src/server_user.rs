//! Who PostgreSQL runs as: us, or the system user `postgres` when we are root, which it refuses.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use rustix::process::geteuid;

use crate::programs::find_program;
use crate::starting::{DeathSignal, dying_with_us, through_setpriv};

const NAME: &str = "postgres";

/// The user that PostgreSQL's programs run as.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ServerUser {
    /// The one that runs us.
    Ourselves,
    /// The system user `postgres`, by its numbers.
    System { user: u32, group: u32 },
}

impl ServerUser {
    /// Who it has to be.
    ///
    /// # Errors
    /// If we are root and there is no such user, or no `setpriv` to become it.
    pub(crate) fn find() -> Result<Self> {
        if !geteuid().is_root() {
            return Ok(Self::Ourselves);
        }
        if find_program("setpriv").is_none() {
            bail!(
                "PostgreSQL refuses to run as root, and `setpriv` (package util-linux) is missing"
            );
        }
        let users = fs::read_to_string("/etc/passwd").context("can't read /etc/passwd")?;
        let entry = users.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            let [NAME, _, user, group, ..] = fields[..] else {
                return None;
            };
            Some(Self::System {
                user: user.parse().ok()?,
                group: group.parse().ok()?,
            })
        });
        entry.context(
            "PostgreSQL refuses to run as root, and there is no system user `postgres`. Create it \
             with `useradd --system postgres`, or run this as another user",
        )
    }

    /// `program`, run by this user, and killed when we die.
    pub(crate) fn command(self, program: &Path) -> Command {
        let command = Command::new(program);
        match self {
            Self::Ourselves => dying_with_us(command, DeathSignal::Kill),
            Self::System { user, group } => {
                let options = [
                    DeathSignal::Kill.option(),
                    format!("--reuid={user}"),
                    format!("--regid={group}"),
                    "--clear-groups".to_owned(),
                ];
                through_setpriv(&options, &command)
            }
        }
    }

    /// Makes `preferred` a folder of this user. If he can't get there (say, it is below `/root`), a
    /// folder below the system's temporary one is made instead.
    pub(crate) fn folder(self, preferred: &Path) -> Result<PathBuf> {
        let Self::System { user, group } = self else {
            fs::create_dir_all(preferred)
                .with_context(|| format!("can't create {}", preferred.display()))?;
            return Ok(preferred.to_owned());
        };
        let give = |path: &Path| {
            fs::create_dir_all(path)?;
            fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
            chown(path, Some(user), Some(group))
        };
        give(preferred).with_context(|| format!("can't prepare {}", preferred.display()))?;
        if self.can_write(preferred) {
            return Ok(preferred.to_owned());
        }
        // Only what has just been made: data that are there are not ours to remove.
        fs::remove_dir(preferred).with_context(|| {
            format!(
                "the user `{NAME}` can't write to {}, where PostgreSQL's data are. Let him through \
                 the folders above it, or remove it to begin without data",
                preferred.display()
            )
        })?;

        let path = substitute(preferred);
        if let Ok(found) = fs::symlink_metadata(&path)
            && !(found.is_dir() && [0, user].contains(&found.uid()))
        {
            bail!("{} is somebody else's. Remove it", path.display());
        }
        give(&path).with_context(|| format!("can't prepare {}", path.display()))?;
        Ok(path)
    }

    fn can_write(self, folder: &Path) -> bool {
        let mut test = self.command(Path::new("test"));
        test.arg("-w").arg(folder);
        test.status().is_ok_and(|status| status.success())
    }
}

/// The folder below the system's temporary one that stands for `preferred`: its name is the path.
pub(crate) fn substitute(preferred: &Path) -> PathBuf {
    let name: String = preferred
        .display()
        .to_string()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    // 255 bytes are the longest name of a file; the end of the path tells more than its start.
    let start = name.len().saturating_sub(200);
    std::env::temp_dir().join(format!("user-service{}", &name[start..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_out_of_reach_is_replaced_by_one_that_tells_its_path() {
        let Ok(user @ ServerUser::System { user: id, .. }) = ServerUser::find() else {
            // Only root becomes somebody else.
            return;
        };
        let locked = std::env::temp_dir().join(format!("stack-test-{}", std::process::id()));
        fs::create_dir_all(&locked).unwrap();
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o700)).unwrap();

        let preferred = locked.join("postgres");
        let folder = user.folder(&preferred).unwrap();
        assert_eq!(folder, substitute(&preferred));
        assert_eq!(fs::metadata(&folder).unwrap().uid(), id);
        assert!(user.can_write(&folder));
        assert!(!preferred.exists());

        fs::create_dir_all(preferred.join("data")).unwrap();
        let refusal = format!("{:#}", user.folder(&preferred).unwrap_err());
        assert!(refusal.contains("can't write"), "{refusal}");
        assert!(preferred.join("data").exists());

        fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(user.folder(&preferred).unwrap(), preferred);
        fs::remove_dir_all(&folder).unwrap();
        fs::remove_dir_all(&locked).unwrap();
    }
}
