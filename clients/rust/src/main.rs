//! Shows what the client does, against the service at the URL that is its argument.

use std::io::{Write, stdout};
use std::thread;

use anyhow::{Context, Result, anyhow};
use example_client::Session;
use serde_json::{Value, json};
use ureq::http::Method;

fn main() -> Result<()> {
    let url = std::env::args().nth(1);
    let url = url.context("usage: example-client http://host:port")?;
    let email = format!("ada.{}@example.com", random()?);
    let password = random()?;
    Session::register(&url, "Ada Lovelace", &email, &password)?.logout()?;
    let session = Session::login(&url, &email, &password)?;

    for _ in 0..3 {
        let token = json!({"token": random()?, "platform": "web"});
        session.request::<Value>(&Method::POST, "/users/push-tokens", Some(&token))?;
    }

    session.spoil();
    let read = || session.request::<Value>(&Method::GET, "/users/preferences", None);
    let answers = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(read)).collect();
        let answers = threads.into_iter().map(|thread| {
            let answer = thread.join().map_err(|_| anyhow!("a thread panicked"))??;
            Ok(answer.data["email_enabled"] == true)
        });
        answers.collect::<Result<Vec<bool>>>()
    })?;

    let found = json!({
        "email_enabled": answers.iter().all(|enabled| *enabled),
        "push_tokens": session.list::<Value>("/users/push-tokens", 2)?.len(),
        "refreshes": session.renewals(),
    });
    writeln!(stdout(), "{found}")?;
    session.logout()?;
    Ok(())
}

/// 16 random hex digits.
fn random() -> Result<String> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("no random numbers: {error}"))?;
    Ok(format!("{:016x}", u64::from_ne_bytes(bytes)))
}
