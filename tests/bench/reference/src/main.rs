//! The native reference: what the benchmark measures does the same statements, Redis commands and hashes here as in the
//! service, without WebAssembly, on connections that are kept. It says where it listens, and ends when its input does.

mod answer;
mod app;
mod cache;
mod caller;
mod decision;
mod health;
mod preferences;
mod profile;
mod push_tokens;
mod refresh;
mod registration;
mod sign_in;
mod tokens;

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};
use axum::Router;
use axum::routing::{get, post};
use tokio::net::TcpListener;

use crate::app::App;

fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/health", get(health::health))
        .route("/api/v1/users/register", post(registration::register))
        .route("/api/v1/users/login", post(sign_in::login))
        .route("/api/v1/users/token/refresh", post(refresh::refresh))
        .route("/api/v1/users/profile", get(profile::get))
        .route(
            "/api/v1/users/preferences",
            get(preferences::get).patch(preferences::update),
        )
        .route("/api/v1/users/push-tokens", post(push_tokens::create))
        .route("/api/v1/services/delivery/decide", post(decision::decide))
}

#[tokio::main]
async fn main() -> Result<()> {
    thread::spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let app = Arc::new(App::open().await?);
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .context("can't listen")?;
    let address = listener.local_addr().context("no address")?;
    writeln!(io::stdout(), "http://{address}").context("can't say where it listens")?;
    axum::serve(listener, router().with_state(app))
        .await
        .context("can't serve")
}
