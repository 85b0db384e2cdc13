//! A user of the service, signed in.

use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::account::NewAccount;
use crate::answer::Answer;
use crate::client::{Client, Request};
use crate::jwt::Jwt;

/// A user, with one of his sessions.
#[derive(Clone, Debug)]
pub struct TestUser {
    /// The client through which he speaks.
    pub client: Client,
    /// His identifier.
    pub id: Uuid,
    /// His e-mail address, in lower case.
    pub email: String,
    /// His user name.
    pub username: String,
    /// His password.
    pub password: String,
    /// The access token of his session.
    pub access: String,
    /// The refresh token of his session.
    pub refresh: String,
}

impl TestUser {
    /// Registers a user through `client`.
    pub async fn registered(client: Client) -> Self {
        Self::register(client, &NewAccount::random()).await
    }

    /// Registers `account` through `client`.
    pub async fn register(client: Client, account: &NewAccount) -> Self {
        let answer = client.post("/api/v1/users/register", account).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer}");
        Self::signed_in(client, &answer, &account.password)
    }

    /// The user whom an answer to a registration or a login is about.
    pub fn signed_in(client: Client, answer: &Answer, password: &str) -> Self {
        Self {
            client,
            id: answer.text("/data/id").parse().expect("a UUID"),
            email: answer.text("/data/email").to_owned(),
            username: answer.text("/data/username").to_owned(),
            password: password.to_owned(),
            access: answer.text("/data/tokens/access").to_owned(),
            refresh: answer.text("/data/tokens/refresh").to_owned(),
        }
    }

    /// Tries to sign in again, with his e-mail address and `password`.
    pub async fn try_login(&self, password: &str) -> Answer {
        let body = json!({"email": self.email, "password": password});
        self.client.post("/api/v1/users/login", &body).await
    }

    /// The same user in another session.
    pub async fn another_session(&self) -> Self {
        let answer = self.try_login(&self.password).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        Self::signed_in(self.client.clone(), &answer, &self.password)
    }

    /// Tries to exchange his refresh token.
    pub async fn try_refresh(&self) -> Answer {
        let body = json!({"refresh": self.refresh});
        self.client.post("/api/v1/users/token/refresh", &body).await
    }

    /// The same session with the next pair of tokens.
    pub async fn refreshed(&self) -> Self {
        let answer = self.try_refresh().await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        Self {
            access: answer.text("/access").to_owned(),
            refresh: answer.text("/refresh").to_owned(),
            ..self.clone()
        }
    }

    /// The session that his tokens belong to.
    pub fn session(&self) -> Uuid {
        let token = Jwt::read(&self.access);
        let session = token.claims["sid"].as_str().expect("the claim sid");
        session.parse().expect("a UUID")
    }

    /// The key under which Redis remembers his session.
    pub fn session_key(&self) -> String {
        format!("us:{{{}}}:session:{}", self.id, self.session())
    }

    /// Whether his access token is honoured: by the status of GET /profile.
    pub async fn has_access(&self) -> bool {
        let answer = self.get("/api/v1/users/profile").await;
        assert!(
            [StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&answer.status),
            "{answer}"
        );
        answer.status == StatusCode::OK
    }

    /// The beginning of a request with his access token.
    pub fn request(&self, method: Method, path: &str) -> Request {
        self.client.request(method, path).bearer(&self.access)
    }

    /// GET with his access token.
    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    /// POST of JSON with his access token.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.request(Method::POST, path).json(body).send().await
    }

    /// PUT of JSON with his access token.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Answer {
        self.request(Method::PUT, path).json(body).send().await
    }

    /// PATCH of JSON with his access token.
    pub async fn patch(&self, path: &str, body: &impl Serialize) -> Answer {
        self.request(Method::PATCH, path).json(body).send().await
    }

    /// DELETE with his access token.
    pub async fn delete(&self, path: &str) -> Answer {
        self.request(Method::DELETE, path).send().await
    }
}
