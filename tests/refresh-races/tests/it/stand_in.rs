//! A small server with login and refresh, which is right or has one known bug.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Collected, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Between reading and writing, where a bug has it so.
const BETWEEN: Duration = Duration::from_millis(20);

/// What is wrong with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// The token is read, and marked as used later.
    Toctou,
    /// Within the second of the last rotation every generation passes.
    WholeSeconds,
    /// A refresh writes the session back as it has read it.
    LostRevocation,
    /// Within the grace period each exchange gives another successor.
    Sibling,
    /// A used token begins a session of its own.
    Fork,
    /// There is no grace period.
    NoGrace,
    /// A late reuse is refused, and nothing more.
    SurvivingFamily,
}

/// The server; it ends with its handle.
pub(crate) struct StandIn {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

#[derive(Clone, Copy, Debug)]
struct Session {
    generation: u64,
    rotated_at: Instant,
    is_revoked: bool,
}

struct State {
    bug: Option<Bug>,
    grace: Duration,
    sessions: Mutex<HashMap<u64, Session>>,
    /// What makes a token another one.
    branches: Mutex<u64>,
}

/// A refresh token, taken apart.
#[derive(Clone, Copy)]
struct Token {
    session: u64,
    generation: u64,
}

impl StandIn {
    pub(crate) async fn start(bug: Option<Bug>, grace_seconds: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            bug,
            grace: Duration::from_secs(grace_seconds),
            sessions: Mutex::default(),
            branches: Mutex::default(),
        });
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = state.clone();
                let service = service_fn(move |request| answer(state.clone(), request));
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                tokio::spawn(connection);
            }
        });
        Self { address, serving }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let bearer = parts.headers.get("authorization").cloned();
    let body = body.collect().await.map(Collected::to_bytes);
    let body: Value = serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default();
    let refresh = Token::parse(body["refresh"].as_str().unwrap_or_default());
    let answer = match (parts.uri.path(), refresh) {
        ("/login", _) => Some(state.login()),
        ("/refresh", Some(token)) => state.refresh(token).await,
        ("/logout", Some(token)) => state.revoke(token.session).then(|| json!({})),
        ("/protected", _) => bearer
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer a.")?.parse().ok())
            .filter(|session| state.is_live(*session))
            .map(|_| json!({})),
        _ => None,
    };
    let status = answer
        .as_ref()
        .map_or(StatusCode::UNAUTHORIZED, |_| StatusCode::OK);
    let body = answer.unwrap_or_default().to_string();
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    Ok(response)
}

impl Token {
    /// `r.<session>.<generation>.<branch>`
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("r.")?.split('.').map(str::parse);
        Some(Self {
            session: parts.next()?.ok()?,
            generation: parts.next()?.ok()?,
        })
    }
}

impl State {
    fn sessions(&self) -> MutexGuard<'_, HashMap<u64, Session>> {
        self.sessions.lock().expect("no panic before")
    }

    fn login(&self) -> Value {
        let mut sessions = self.sessions();
        let session = u64::try_from(sessions.len()).expect("few sessions");
        sessions.insert(session, Session::new());
        tokens(session, 0, 0)
    }

    fn is_live(&self, session: u64) -> bool {
        let sessions = self.sessions();
        sessions
            .get(&session)
            .is_some_and(|session| !session.is_revoked)
    }

    /// Whether there is such a session.
    fn revoke(&self, session: u64) -> bool {
        let mut sessions = self.sessions();
        let session = sessions.get_mut(&session);
        session.map(|session| session.is_revoked = true).is_some()
    }

    /// Another number each time.
    fn branch(&self) -> u64 {
        let mut branches = self.branches.lock().expect("no panic before");
        *branches += 1;
        *branches
    }

    async fn refresh(&self, token: Token) -> Option<Value> {
        if matches!(self.bug, Some(Bug::Toctou | Bug::LostRevocation)) {
            return self.refresh_slowly(token).await;
        }
        let mut sessions = self.sessions();
        let count = u64::try_from(sessions.len()).expect("few sessions");
        let session = sessions.get_mut(&token.session)?;
        if session.is_revoked {
            return None;
        }
        if token.generation == session.generation {
            session.rotate();
            return Some(tokens(token.session, session.generation, 0));
        }
        let age = session.rotated_at.elapsed();
        let is_repeat = token.generation + 1 == session.generation && age < self.grace;
        match self.bug {
            Some(Bug::WholeSeconds) if age < Duration::from_secs(1) => {
                Some(tokens(token.session, session.generation, self.branch()))
            }
            Some(Bug::Sibling) if is_repeat => {
                Some(tokens(token.session, session.generation, self.branch()))
            }
            Some(Bug::Fork) if age < self.grace => {
                sessions.insert(count, Session::new());
                Some(tokens(count, 0, 0))
            }
            Some(Bug::SurvivingFamily) if !is_repeat => None,
            bug if is_repeat && bug != Some(Bug::NoGrace) => {
                Some(tokens(token.session, session.generation, 0))
            }
            _ => {
                session.is_revoked = true;
                None
            }
        }
    }

    /// Reads, and writes later what it has made of that.
    async fn refresh_slowly(&self, token: Token) -> Option<Value> {
        let mut session = *self.sessions().get(&token.session)?;
        if session.is_revoked || token.generation != session.generation {
            return None;
        }
        sleep(BETWEEN).await;
        session.rotate();
        let branch = if self.bug == Some(Bug::Toctou) {
            self.branch()
        } else {
            0
        };
        self.sessions().insert(token.session, session);
        Some(tokens(token.session, session.generation, branch))
    }
}

impl Session {
    fn new() -> Self {
        Self {
            generation: 0,
            rotated_at: Instant::now(),
            is_revoked: false,
        }
    }

    fn rotate(&mut self) {
        self.generation += 1;
        self.rotated_at = Instant::now();
    }
}

fn tokens(session: u64, generation: u64, branch: u64) -> Value {
    json!({
        "access": format!("a.{session}"),
        "refresh": format!("r.{session}.{generation}.{branch}"),
    })
}
