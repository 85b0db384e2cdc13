//! `keys`: makes and rotates the keys that sign tokens (the setting `jwt_keys`), without a logout.

mod key_set;

use std::env;
use std::io::Read as _;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use stack::{read_dotenv, write_dotenv};

pub(crate) use self::key_set::KeySet;
use crate::progress::{print, say};

/// Where Spin and `cargo xtask up` find the setting.
const VARIABLE: &str = "SPIN_VARIABLE_JWT_KEYS";

/// Options of `keys`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Read the setting's value from standard input and print the new one, instead of changing .env
    #[arg(long, global = true)]
    pipe: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show which keys there are and what each is for, without what is secret
    List,
    /// Add a standby key: it is published, and signs nothing yet
    Generate,
    /// Have a standby key sign from now on; the key that did is retired
    Promote {
        /// Its identifier; may be left out if there is only one standby key
        kid: Option<String>,
    },
    /// Have a key sign no more; its tokens stay good. Without an active key `jwt_secret` signs
    Retire {
        /// Its identifier
        kid: String,
    },
    /// Forget a key; tokens that it has signed are refused from now on
    Remove {
        /// Its identifier
        kid: String,
    },
}

/// Does what the command line says.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut keys = KeySet::parse(&read(options.pipe)?)?;
    if matches!(options.command, Command::List) {
        list(&keys);
        return Ok(());
    }
    let done = change(&mut keys, &options.command)?;
    write(options.pipe, &keys)?;
    say(&done);
    Ok(())
}

/// Changes the keys, and says what has changed and what is to be done next.
fn change(keys: &mut KeySet, command: &Command) -> Result<String> {
    Ok(match command {
        Command::List => String::new(),
        Command::Generate => {
            let kid = keys.generate(random_seed()?)?;
            format!(
                "Key {kid} is on standby. Give the new value to all hosts; when it has been at \
                 /.well-known/jwks.json for more than five minutes: `cargo xtask keys promote {kid}`."
            )
        }
        Command::Promote { kid } => {
            let (kid, before) = keys.promote(kid.as_deref())?;
            let signed_before = before.unwrap_or_else(|| "jwt_secret".to_owned());
            format!(
                "Key {kid} signs once all hosts have the new value. Tokens that {signed_before} has \
                 signed stay good; the last of them ends refresh_token_lifetime (a week) after that."
            )
        }
        Command::Retire { kid } => {
            keys.retire(kid)?;
            let signs = keys.active().unwrap_or("jwt_secret");
            format!(
                "Key {kid} signs no more once all hosts have the new value; {signs} does. When \
                 refresh_token_lifetime (a week) has gone by: `cargo xtask keys remove {kid}`."
            )
        }
        Command::Remove { kid } => {
            keys.remove(kid)?;
            format!("Key {kid} is gone: tokens that it has signed are refused once all hosts know.")
        }
    })
}

fn list(keys: &KeySet) {
    if keys.active().is_none() {
        say("No key is active: jwt_secret signs. Make a key: `cargo xtask keys generate`.");
    }
    for (kid, status) in keys.list() {
        print(&format!("{kid}  {status}"));
    }
}

/// The setting's value as it is.
fn read(pipe: bool) -> Result<String> {
    if pipe {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.context("can't read standard input")?;
        return Ok(text);
    }
    if env::var_os(VARIABLE).is_some() {
        bail!(
            "{VARIABLE} is set in the environment, which comes before .env: give its value to \
             `cargo xtask keys --pipe` and set what that prints"
        );
    }
    Ok(read_dotenv()?.remove(VARIABLE).unwrap_or_default())
}

fn write(pipe: bool, keys: &KeySet) -> Result<()> {
    let text = keys.to_string();
    if pipe {
        print(&text);
        return Ok(());
    }
    write_dotenv(&[(VARIABLE, &text)])
}

fn random_seed() -> Result<[u8; 32]> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| anyhow!("no random numbers: {error}"))?;
    Ok(seed)
}
