//! The command line: `host up` and its options, named as Spin names them.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use lexopt::{Arg, ValueExt};

use crate::variables::VariableSource;

/// What `host --help` prints.
pub(crate) const HELP: &str = "\
Serves a Spin application's HTTP components for development and tests.

Usage: host up [OPTIONS]

Options:
  -f, --from <FILE>                  The application's manifest [default: spin.toml]
      --runtime-config-file <FILE>   Variable providers and limits of connections
      --listen <ADDRESS>             Where to serve [default: 127.0.0.1:3000]
      --variable <NAME=VALUE>        Sets a variable; NAME=@FILE and @FILE.json, @FILE.toml read it
      --cache-dir <DIRECTORY>        Keeps compiled code [default: .local/cache beside the manifest]
  -h, --help                         Prints this
  -V, --version                      Prints the version
";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    /// Serve an application.
    Up(UpArguments),
    /// Print [`HELP`].
    Help,
    /// Print the version.
    Version,
}

/// The options of `host up`.
#[derive(Debug, PartialEq)]
pub(crate) struct UpArguments {
    pub(crate) manifest: PathBuf,
    pub(crate) runtime_config: Option<PathBuf>,
    pub(crate) listen: SocketAddr,
    pub(crate) variables: Vec<VariableSource>,
    pub(crate) cache_directory: Option<PathBuf>,
}

/// Reads the arguments that follow the program's name.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<Command> {
    let mut parser = lexopt::Parser::from_args(arguments);
    let mut up = false;
    let mut manifest = PathBuf::from("spin.toml");
    let mut runtime_config = None;
    let mut listen = SocketAddr::from(([127, 0, 0, 1], 3000));
    let mut variables = Vec::new();
    let mut cache_directory = None;

    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(command) if command == "up" && !up => up = true,
            Arg::Long("from") | Arg::Short('f') => manifest = parser.value()?.into(),
            Arg::Long("runtime-config-file") => runtime_config = Some(parser.value()?.into()),
            Arg::Long("listen") => {
                listen = parser
                    .value()?
                    .parse()
                    .context("--listen takes <address>:<port>")?;
            }
            Arg::Long("variable") => variables.push(parser.value()?.string()?.parse()?),
            Arg::Long("cache-dir") => cache_directory = Some(parser.value()?.into()),
            Arg::Long("help") | Arg::Short('h') => return Ok(Command::Help),
            Arg::Long("version") | Arg::Short('V') => return Ok(Command::Version),
            other => return Err(other.unexpected().into()),
        }
    }
    if !up {
        bail!("the only command is `up`; `host --help` lists its options");
    }
    Ok(Command::Up(UpArguments {
        manifest,
        runtime_config,
        listen,
        variables,
        cache_directory,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_text(line: &str) -> anyhow::Result<Command> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn up_alone_takes_the_defaults() {
        let expected = UpArguments {
            manifest: "spin.toml".into(),
            runtime_config: None,
            listen: "127.0.0.1:3000".parse().unwrap(),
            variables: Vec::new(),
            cache_directory: None,
        };
        assert_eq!(parse_text("up").unwrap(), Command::Up(expected));
    }

    #[test]
    fn every_option_is_read() {
        let command = parse_text(
            "up --from a/spin.toml --runtime-config-file r.toml --listen 127.0.0.1:0 \
             --variable a=1 --variable=b=x=y --cache-dir /c",
        );
        let Command::Up(arguments) = command.unwrap() else {
            panic!("not `up`")
        };
        assert_eq!(arguments.manifest, PathBuf::from("a/spin.toml"));
        assert_eq!(arguments.runtime_config, Some("r.toml".into()));
        assert_eq!(arguments.listen.port(), 0);
        assert_eq!(arguments.cache_directory, Some("/c".into()));
        let literal = |name: &str, value: &str| VariableSource::Literal(name.into(), value.into());
        assert_eq!(
            arguments.variables,
            [literal("a", "1"), literal("b", "x=y")]
        );
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in [
            "",
            "down",
            "up up",
            "up --quiet",
            "up --listen here",
            "up --variable a",
        ] {
            assert!(parse_text(line).is_err(), "{line:?} was accepted");
        }
    }
}
