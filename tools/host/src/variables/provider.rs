//! Providers of variables: fixed values, and the environment with an optional `.env` file.

use std::collections::HashMap;
use std::env::{self, VarError};
use std::path::Path;

use anyhow::{Context, bail};

use crate::runtime_config::VariableProviderConfig;

/// The prefix of environment variables if none is configured.
const DEFAULT_PREFIX: &str = "SPIN_VARIABLE";

/// Something that knows values of variables.
#[derive(Debug)]
pub(crate) enum Provider {
    /// Values by name.
    Fixed(HashMap<String, String>),
    /// The environment, then the file's values, by `<prefix>_<NAME>`.
    Environment {
        prefix: String,
        file: HashMap<String, String>,
    },
}

impl Provider {
    /// A provider that knows just these values.
    pub(crate) fn fixed(values: HashMap<String, String>) -> Self {
        Self::Fixed(values)
    }

    /// The provider that always comes last: `SPIN_VARIABLE_*` in the environment and in `.env`.
    pub(crate) fn environment() -> anyhow::Result<Self> {
        Self::new(VariableProviderConfig::Env {
            prefix: None,
            dotenv_path: Some(".env".into()),
        })
    }

    /// Makes what the runtime configuration describes.
    pub(crate) fn new(config: VariableProviderConfig) -> anyhow::Result<Self> {
        Ok(match config {
            VariableProviderConfig::Static { values } => Self::Fixed(values),
            VariableProviderConfig::Env {
                prefix,
                dotenv_path,
            } => Self::Environment {
                prefix: prefix.unwrap_or_else(|| DEFAULT_PREFIX.to_owned()),
                file: dotenv_path.map_or_else(|| Ok(HashMap::new()), |path| read_dotenv(&path))?,
            },
        })
    }

    /// The value of the variable `name`, if this provider knows it.
    pub(crate) fn get(&self, name: &str) -> anyhow::Result<Option<String>> {
        match self {
            Self::Fixed(values) => Ok(values.get(name).cloned()),
            Self::Environment { prefix, file } => {
                let name = format!("{prefix}_{}", name.to_ascii_uppercase());
                match env::var(&name) {
                    Ok(value) => Ok(Some(value)),
                    Err(VarError::NotPresent) => Ok(file.get(&name).cloned()),
                    Err(VarError::NotUnicode(_)) => {
                        bail!("the environment variable {name} is not Unicode text")
                    }
                }
            }
        }
    }
}

/// Reads a `.env` file; one that does not exist is empty, as for Spin.
fn read_dotenv(path: &Path) -> anyhow::Result<HashMap<String, String>> {
    match dotenvy::from_path_iter(path) {
        Ok(entries) => entries
            .collect::<Result<_, _>>()
            .with_context(|| format!("can't understand {}", path.display())),
        Err(_) => Ok(HashMap::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_comes_before_its_file() {
        // Cargo sets CARGO_PKG_NAME for every test.
        let file = [("CARGO_PKG_NAME", "file"), ("CARGO_NOT_SET", "file")];
        let provider = Provider::Environment {
            prefix: "CARGO".to_owned(),
            file: file
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        assert_eq!(provider.get("pkg_name").unwrap().as_deref(), Some("host"));
        assert_eq!(provider.get("not_set").unwrap().as_deref(), Some("file"));
        assert_eq!(provider.get("nowhere").unwrap(), None);
    }

    #[test]
    fn a_missing_file_is_empty() {
        assert!(read_dotenv(Path::new("/nowhere/.env")).unwrap().is_empty());
    }
}
