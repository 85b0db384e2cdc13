//! The values of `--variable`: `name=value`, `name=@file`, `@file.json` and `@file.toml`.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, bail};

use crate::manifest::read_toml;

/// One `--variable`.
#[derive(Debug, PartialEq)]
pub(crate) enum VariableSource {
    /// A variable and its value.
    Literal(String, String),
    /// A variable and the file that holds its value.
    File(String, PathBuf),
    /// A JSON object of variables.
    Json(PathBuf),
    /// A TOML table of variables.
    Toml(PathBuf),
}

impl FromStr for VariableSource {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        if let Some(path) = text.strip_prefix('@').map(PathBuf::from) {
            return match path.extension().and_then(|extension| extension.to_str()) {
                Some("json") => Ok(Self::Json(path)),
                Some("toml") => Ok(Self::Toml(path)),
                _ => bail!("a file of variables must end in .json or .toml"),
            };
        }
        let Some((name, value)) = text.split_once('=') else {
            bail!("--variable takes name=value or @file");
        };
        Ok(match value.strip_prefix('@') {
            Some(path) => Self::File(name.to_owned(), path.into()),
            None => Self::Literal(name.to_owned(), value.to_owned()),
        })
    }
}

impl VariableSource {
    /// The variables and their values.
    pub(crate) fn read(&self) -> anyhow::Result<HashMap<String, String>> {
        let read = |path: &PathBuf| {
            fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))
        };
        match self {
            Self::Literal(name, value) => Ok([(name.clone(), value.clone())].into()),
            Self::File(name, path) => Ok([(name.clone(), read(path)?)].into()),
            Self::Json(path) => serde_json::from_str(&read(path)?)
                .with_context(|| format!("can't understand {}", path.display())),
            Self::Toml(path) => read_toml(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_told_apart() {
        for (text, expected) in [
            ("a=b", VariableSource::Literal("a".into(), "b".into())),
            ("a=", VariableSource::Literal("a".into(), String::new())),
            ("a=b=c", VariableSource::Literal("a".into(), "b=c".into())),
            ("a=@b", VariableSource::File("a".into(), "b".into())),
            ("@b.json", VariableSource::Json("b.json".into())),
            ("@b.toml", VariableSource::Toml("b.toml".into())),
        ] {
            assert_eq!(text.parse::<VariableSource>().unwrap(), expected);
        }
        assert!("@b.env".parse::<VariableSource>().is_err());
        assert!("a".parse::<VariableSource>().is_err());
    }

    #[test]
    fn a_file_that_is_not_there_is_named() {
        for text in ["a=@/nowhere/a", "@/nowhere/a.json", "@/nowhere/a.toml"] {
            let error = text.parse::<VariableSource>().unwrap().read().unwrap_err();
            assert!(format!("{error:#}").contains("/nowhere/a"));
        }
    }
}
