//! `service-account`: who of the other services may call this one, and for what.

mod accounts;

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use domain::{ServiceName, ServicePermission};

use self::accounts::{Account, Accounts};
use crate::database::database_url_of;
use crate::progress::{print, say};

/// Options of `service-account`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The port of the running `cargo xtask up` whose database is meant; `DATABASE_URL` comes first
    #[arg(long, default_value_t = 3000, global = true)]
    port: u16,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make an account, and show its secret this once
    Create {
        /// Its name, which is its `client_id`: lower-case letters, digits and hyphens
        name: ServiceName,
        #[command(flatten)]
        permissions: Permissions,
    },
    /// Give an account a new secret, and show it this once; the old ones end
    Rotate {
        /// Its name
        name: ServiceName,
        /// For how many seconds the old secrets work on
        #[arg(long, value_name = "SECONDS", default_value_t = 0)]
        grace: u32,
    },
    /// Show all accounts
    List,
    /// Set what an account may do; what it could do before and is not named ends
    Permit {
        /// Its name
        name: ServiceName,
        #[command(flatten)]
        permissions: Permissions,
    },
    /// End an account and its secrets, for good
    Disable {
        /// Its name
        name: ServiceName,
    },
}

#[derive(Args, Debug)]
struct Permissions {
    /// What it may do, as `users:read`; once for each
    #[arg(long = "permission", value_name = "PERMISSION", required = true)]
    list: Vec<ServicePermission>,
}

impl Permissions {
    /// The names, each once.
    fn names(&self) -> Vec<String> {
        let names: BTreeSet<_> = self.list.iter().collect();
        names.into_iter().map(ToString::to_string).collect()
    }
}

/// Does what the command line says.
pub(crate) fn run(options: &Options) -> Result<()> {
    let url = database_url_of(options.port)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("can't start an asynchronous runtime")?;
    runtime.block_on(async {
        let mut accounts = Accounts::open(&url).await?;
        match &options.command {
            Command::Create { name, permissions } => {
                let secret = accounts.create(name, permissions.names()).await?;
                show(name, &secret, options.port);
            }
            Command::Rotate { name, grace } => {
                let secret = accounts.rotate(name, *grace).await?;
                show(name, &secret, options.port);
                say(&ending(*grace));
            }
            Command::List => list(&accounts.list().await?),
            Command::Permit { name, permissions } => {
                accounts.permit(name, permissions.names()).await?;
                say(&format!(
                    "{name} may do this from its next token on, and within a minute no more than this: {}",
                    permissions.names().join(" ")
                ));
            }
            Command::Disable { name } => {
                accounts.disable(name).await?;
                say(&format!(
                    "{name} gets no token any more; those that it has end within a minute."
                ));
            }
        }
        Ok(())
    })
}

/// Shows the secret, and a command that works as it stands.
fn show(name: &ServiceName, secret: &str, port: u16) {
    print(&format!(
        "The secret of {name}, which is shown this once and stored as a hash only:\n\n{secret}\n\n\
         A token for it:\n\n\
         curl -s -u '{name}:{secret}' -d grant_type=client_credentials \
         http://127.0.0.1:{port}/api/v1/services/token\n"
    ));
}

fn ending(grace: u32) -> String {
    match grace {
        0 => "The old secrets have ended; tokens that they were given for end within a minute."
            .into(),
        seconds => {
            format!("The old secrets end in {seconds} s, with the tokens that they were given for.")
        }
    }
}

fn list(accounts: &[Account]) {
    if accounts.is_empty() {
        say(
            "There are no service accounts. Make one: `cargo xtask service-account create --help`.",
        );
    }
    for account in accounts {
        let state = if account.disabled {
            "disabled".to_owned()
        } else {
            format!("secrets: {}", account.secrets)
        };
        print(&format!(
            "{}  {}  since {}  {state}",
            account.name,
            account.permissions.join(" "),
            account.created_at,
        ));
    }
}
