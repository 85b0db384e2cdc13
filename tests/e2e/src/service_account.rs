//! Another service that calls this one.

use http::{Method, StatusCode};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::answer::Answer;
use crate::client::{Client, Request};
use crate::jwt::Jwt;
use crate::random_hex;
use crate::service::{Parameters, Service};

/// Where a service gets its tokens.
pub const TOKEN: &str = "/api/v1/services/token";

/// A service account with one of its credentials.
#[derive(Clone, Debug)]
pub struct ServiceAccount {
    /// The client through which it speaks.
    pub client: Client,
    /// Its identifier.
    pub id: Uuid,
    /// Its name, which is its `client_id`.
    pub name: String,
    /// Its secret.
    pub secret: String,
    /// The identifier of the credential that has this secret.
    pub credential: Uuid,
}

impl ServiceAccount {
    /// Puts an account with these permissions into the database, where only `cargo xtask
    /// service-account` makes them otherwise.
    pub async fn new(service: &Service, permissions: &[&str]) -> Self {
        let name = format!("service-{}", random_hex(16));
        let permissions: Vec<String> = permissions.iter().map(ToString::to_string).collect();
        let id = insert(
            service,
            "insert into service_accounts (name, permissions) values ($1, $2) returning id",
            &[&name, &permissions],
        )
        .await;
        let account = Self {
            client: service.client(),
            id,
            name,
            secret: String::new(),
            credential: Uuid::nil(),
        };
        account.with_new_secret(service).await
    }

    /// The same account with one more credential.
    pub async fn with_new_secret(&self, service: &Service) -> Self {
        let secret = format!("uss_{}{}", random_hex(32), random_hex(32));
        let hash = Sha256::digest(&secret).to_vec();
        let credential = insert(
            service,
            "insert into service_credentials (service_account_id, secret_hash)
             values ($1, $2) returning id",
            &[&self.id, &hash],
        )
        .await;
        Self {
            secret,
            credential,
            ..self.clone()
        }
    }

    /// Tries to get a token with all that the account may do.
    pub async fn try_token(&self) -> Answer {
        let body = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            self.name, self.secret
        );
        self.client
            .request(Method::POST, TOKEN)
            .body("application/x-www-form-urlencoded", body)
            .send()
            .await
    }

    /// Gets a token with all that the account may do.
    pub async fn token(&self) -> String {
        let answer = self.try_token().await;
        assert_eq!(answer.status, StatusCode::OK, "{answer}");
        answer.text("/access_token").to_owned()
    }

    /// The service with a token, ready to ask.
    pub async fn signed_in(self) -> SignedInService {
        SignedInService {
            token: self.token().await,
            account: self,
        }
    }
}

/// Inserts a row and answers its identifier; on a connection of its own, since a test may have killed
/// the server behind the one that is kept.
async fn insert(service: &Service, statement: &str, parameters: Parameters<'_>) -> Uuid {
    let connection = service.connection().await;
    let row = connection
        .query_one(statement, parameters)
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error:?}"));
    row.get(0)
}

/// A service account with a token.
#[derive(Clone, Debug)]
pub struct SignedInService {
    /// The account.
    pub account: ServiceAccount,
    /// Its token.
    pub token: String,
}

impl SignedInService {
    /// A service with these permissions.
    pub async fn new(service: &Service, permissions: &[&str]) -> Self {
        ServiceAccount::new(service, permissions)
            .await
            .signed_in()
            .await
    }

    /// The beginning of a request with its token.
    pub fn request(&self, method: Method, path: &str) -> Request {
        let request = self.account.client.request(method, path);
        request.bearer(&self.token)
    }

    /// GET with its token.
    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    /// POST of JSON with its token.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.request(Method::POST, path).json(body).send().await
    }

    /// The key under which Redis remembers that its token is live.
    pub fn live_key(&self) -> String {
        let token = Jwt::read(&self.token);
        let id = token.claims["jti"].as_str().expect("the claim jti");
        format!("us:service:{{{}}}:token:{id}", self.account.id)
    }
}
