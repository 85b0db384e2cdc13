//! `create-admin`: the first administrator, who can make the others.

mod administrators;
mod new_password;

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail};
use clap::Args;
use domain::{Email, Password};

use self::administrators::{Administrators, Granted};
use crate::database::database_url_of;
use crate::progress::say;

/// Options of `create-admin`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// His e-mail address; it is asked for if it is left out
    #[arg(long)]
    email: Option<String>,
    /// The port of the running `cargo xtask up` whose database is meant; `DATABASE_URL` comes first
    #[arg(long, default_value_t = 3000)]
    port: u16,
}

/// Makes an administrator: of the user who has the e-mail address, or of a new one, whose password is
/// asked for. A password is never an argument, since others see those.
pub(crate) fn run(options: &Options) -> Result<()> {
    let url = database_url_of(options.port)?;
    let email = match &options.email {
        Some(email) => email.clone(),
        None => asked("E-mail address")?,
    };
    let Ok(email) = Email::parse(email.trim()) else {
        bail!("{email:?} is no e-mail address. Give one as ada@example.com");
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("can't start an asynchronous runtime")?;
    runtime.block_on(async {
        let mut administrators = Administrators::open(&url).await?;
        if administrators.is_known(&email).await? {
            let granted = administrators.grant(&email).await?;
            say(&match granted {
                Granted::Now => format!(
                    "{} is an administrator now; the password stays as it is.",
                    email.as_str()
                ),
                Granted::Before => format!("{} is an administrator already.", email.as_str()),
            });
        } else {
            let password = asked_password()?;
            administrators.create(&email, &password).await?;
            say(&format!(
                "{} is an administrator. Sign in: POST /api/v1/users/login; docs/administration.md \
                 says what comes next.",
                email.as_str()
            ));
        }
        Ok(())
    })
}

/// Makes an account that is an administrator's, in the database at `url`.
///
/// # Errors
/// If the database can't be reached, or somebody has the address.
pub(crate) async fn create(url: &str, email: &Email, password: &Password) -> Result<()> {
    let mut administrators = Administrators::open(url).await?;
    administrators.create(email, password).await
}

/// The next line of the standard input; on a terminal it is asked for.
fn asked(what: &str) -> Result<String> {
    if io::stdin().is_terminal() {
        eprint!("{what}: ");
        io::stderr().flush().context("can't ask")?;
    }
    let mut line = String::new();
    let length = io::stdin()
        .lock()
        .read_line(&mut line)
        .with_context(|| format!("can't read the {what}"))?;
    if length == 0 {
        bail!("the standard input ends where the {what} is expected");
    }
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// The password: typed twice and not shown on a terminal, else the next line of the standard input.
fn asked_password() -> Result<Password> {
    let password = if io::stdin().is_terminal() {
        let first = rpassword::prompt_password(new_password::PROMPT).context("can't ask")?;
        if rpassword::prompt_password("Once more: ").context("can't ask")? != first {
            bail!("the two passwords differ; nothing was done");
        }
        first
    } else {
        asked("password")?
    };
    new_password::checked(password)
}
