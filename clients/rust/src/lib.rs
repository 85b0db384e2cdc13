//! A client of the user service: signs in, renews its tokens by itself, reads lists page by page.
//!
//! A [`Session`] may be shared by threads.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::{Method, Request, StatusCode, header};

const TIMEOUT: Duration = Duration::from_secs(10);

/// Why there is no answer of the kind that was hoped for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The service refuses.
    #[error("{status} {}: {} (request {})", .body.code, .body.error, .body.request_id)]
    Refused {
        /// What to decide by, with the code.
        status: StatusCode,
        /// What it says of it.
        body: Box<Refusal>,
        /// After how many seconds the request may be repeated, of 429 and 503.
        retry_after: Option<u64>,
    },
    /// It does not answer.
    #[error(transparent)]
    Http(#[from] ureq::Error),
    /// It answers something else.
    #[error("the answer can't be read")]
    Unreadable(#[from] serde_json::Error),
}

/// The body of a refusal.
#[derive(Debug, Deserialize)]
pub struct Refusal {
    /// For programs.
    pub code: String,
    /// For people.
    pub error: String,
    /// What to quote.
    pub request_id: String,
    /// Of `validation_failed`, each field's broken rules.
    pub data: Value,
}

/// The body of a success.
#[derive(Debug, Deserialize)]
pub struct Answer<T> {
    /// What was asked for.
    pub data: T,
    /// Where in a list it is.
    pub meta: Meta,
}

/// Where in a list an answer is.
#[derive(Debug, Deserialize)]
pub struct Meta {
    /// How many objects there are.
    pub total: u64,
    /// Whether another page follows.
    pub has_next: bool,
}

/// A user who is signed in.
#[derive(Debug)]
pub struct Session {
    agent: Agent,
    url: String,
    tokens: Mutex<Tokens>,
}

/// A pair of tokens.
#[derive(Clone, Debug, Deserialize)]
struct Tokens {
    access: String,
    refresh: String,
    /// How often they were renewed.
    #[serde(default)]
    generation: u32,
}

#[derive(Deserialize)]
struct SignedIn {
    tokens: Tokens,
}

impl Session {
    /// Makes an account at the service at `url`.
    ///
    /// # Errors
    /// As for all of these: [`Error`].
    pub fn register(url: &str, name: &str, email: &str, password: &str) -> Result<Self, Error> {
        let body = json!({"name": name, "email": email, "password": password, "preferences": {}});
        Self::begin(url, "/users/register", &body)
    }

    /// Signs in to an account that is there.
    ///
    /// # Errors
    /// [`Error`].
    pub fn login(url: &str, email: &str, password: &str) -> Result<Self, Error> {
        Self::begin(
            url,
            "/users/login",
            &json!({"email": email, "password": password}),
        )
    }

    fn begin(url: &str, path: &str, body: &Value) -> Result<Self, Error> {
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            // The body says more than the status.
            .http_status_as_error(false);
        let agent: Agent = config.build().into();
        let answer: Answer<SignedIn> = send(&agent, url, &Method::POST, path, Some(body), None)?;
        Ok(Self {
            agent,
            url: url.to_owned(),
            tokens: Mutex::new(answer.data.tokens),
        })
    }

    /// Sends a request that is answered with a body.
    ///
    /// # Errors
    /// [`Error`]. A 401 after the tokens were renewed is the end of the session.
    pub fn request<T: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer<T>, Error> {
        let access = self.tokens().access.clone();
        let send = |access: &str| send(&self.agent, &self.url, method, path, body, Some(access));
        match send(&access) {
            Err(Error::Refused {
                status: StatusCode::UNAUTHORIZED,
                ..
            }) => send(&self.renewed(&access)?),
            answer => answer,
        }
    }

    /// All objects of a list, `limit` at a time.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list<T: DeserializeOwned>(&self, path: &str, limit: u8) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        for page in 1.. {
            let path = format!("{path}?page={page}&limit={limit}");
            let answer: Answer<Vec<T>> = self.request(&Method::GET, &path, None)?;
            all.extend(answer.data);
            if !answer.meta.has_next {
                break;
            }
        }
        Ok(all)
    }

    /// Ends the session, with both tokens.
    ///
    /// # Errors
    /// [`Error`].
    pub fn logout(self) -> Result<(), Error> {
        let _: Answer<()> = self.request(&Method::POST, "/users/logout", None)?;
        Ok(())
    }

    /// How often the tokens were renewed.
    pub fn renewals(&self) -> u32 {
        self.tokens().generation
    }

    /// Makes the access token useless, as time does.
    pub fn spoil(&self) {
        "as good as expired".clone_into(&mut self.tokens().access);
    }

    /// The access token after `used`. Of threads that ask at the same time one renews it, and the
    /// others wait at the lock.
    fn renewed(&self, used: &str) -> Result<String, Error> {
        let mut tokens = self.tokens();
        if tokens.access == used {
            let body = json!({"refresh": tokens.refresh});
            let path = "/users/token/refresh";
            let next: Tokens = send(
                &self.agent,
                &self.url,
                &Method::POST,
                path,
                Some(&body),
                None,
            )?;
            // Where tokens are kept for the next start, the refresh token is stored here, first.
            *tokens = Tokens {
                generation: tokens.generation + 1,
                ..next
            };
        }
        Ok(tokens.access.clone())
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn send<T: DeserializeOwned>(
    agent: &Agent,
    url: &str,
    method: &Method,
    path: &str,
    body: Option<&Value>,
    access: Option<&str>,
) -> Result<T, Error> {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{url}/api/v1{path}"))
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(access) = access {
        request = request.header(header::AUTHORIZATION, format!("Bearer {access}"));
    }
    let mut answer = match body {
        Some(body) => agent.run(request.body(body.to_string()).map_err(ureq::Error::from)?)?,
        None => agent.run(request.body(()).map_err(ureq::Error::from)?)?,
    };
    let status = answer.status();
    let text = answer.body_mut().read_to_string()?;
    if status.is_success() {
        return Ok(serde_json::from_str(&text)?);
    }
    let retry_after = answer.headers().get(header::RETRY_AFTER);
    let retry_after = retry_after.and_then(|value| value.to_str().ok()?.parse().ok());
    Err(Error::Refused {
        status,
        body: serde_json::from_str(&text)?,
        retry_after,
    })
}
