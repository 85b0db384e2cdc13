//! The service accounts in the database: one statement a change.

use anyhow::{Context, Result};
use domain::{ClientSecret, ServiceName};
use sha2::{Digest, Sha256};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use stack::random_secret;

use crate::database::connect;
use crate::operator::operator;

/// A service account, as it is shown.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) permissions: Vec<String>,
    pub(super) created_at: String,
    pub(super) disabled: bool,
    /// How many of its secrets work.
    pub(super) secrets: i64,
}

/// The service accounts of one database.
pub(super) struct Accounts {
    connection: PgConnection,
    /// Who changes them, for the audit trail.
    operator: String,
}

impl Accounts {
    /// Connects to the database at `url`.
    pub(super) async fn open(url: &str) -> Result<Self> {
        Ok(Self {
            connection: connect(url).await?,
            operator: operator(),
        })
    }

    /// Makes an account and answers its secret.
    pub(super) async fn create(
        &mut self,
        name: &ServiceName,
        permissions: Vec<String>,
    ) -> Result<String> {
        let secret = new_secret()?;
        sqlx::query(include_str!("create.sql"))
            .bind(name.as_str())
            .bind(permissions)
            .bind(hash(&secret))
            .bind(&self.operator)
            .fetch_optional(&mut self.connection)
            .await?
            .with_context(|| {
                format!(
                    "there is a service account {name} already. Take another name, or give it a \
                     new secret: `cargo xtask service-account rotate {name}`"
                )
            })?;
        Ok(secret)
    }

    /// Answers a new secret of an account; its old ones end in `grace` seconds.
    pub(super) async fn rotate(&mut self, name: &ServiceName, grace: u32) -> Result<String> {
        let secret = new_secret()?;
        sqlx::query(include_str!("rotate.sql"))
            .bind(name.as_str())
            .bind(hash(&secret))
            .bind(i64::from(grace))
            .bind(&self.operator)
            .fetch_optional(&mut self.connection)
            .await?
            .with_context(|| none(name))?;
        Ok(secret)
    }

    /// Sets what an account may do.
    pub(super) async fn permit(
        &mut self,
        name: &ServiceName,
        permissions: Vec<String>,
    ) -> Result<()> {
        sqlx::query(include_str!("permit.sql"))
            .bind(name.as_str())
            .bind(permissions)
            .bind(&self.operator)
            .fetch_optional(&mut self.connection)
            .await?
            .with_context(|| none(name))?;
        Ok(())
    }

    /// Ends an account and its secrets.
    pub(super) async fn disable(&mut self, name: &ServiceName) -> Result<()> {
        sqlx::query(include_str!("disable.sql"))
            .bind(name.as_str())
            .bind(&self.operator)
            .fetch_optional(&mut self.connection)
            .await?
            .with_context(|| none(name))?;
        Ok(())
    }

    /// All accounts, by name.
    pub(super) async fn list(&mut self) -> Result<Vec<Account>> {
        let rows = sqlx::query(include_str!("list.sql"))
            .fetch_all(&mut self.connection)
            .await?;
        rows.iter().map(account).collect()
    }
}

fn account(row: &PgRow) -> Result<Account> {
    Ok(Account {
        name: row.try_get("name")?,
        permissions: row.try_get("permissions")?,
        created_at: row.try_get("created_at")?,
        disabled: row.try_get("disabled")?,
        secrets: row.try_get("secrets")?,
    })
}

fn new_secret() -> Result<String> {
    Ok(format!("{}{}", ClientSecret::PREFIX, random_secret()?))
}

/// What is stored of a secret. The migration that makes the table says why a fast hash is right.
fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

fn none(name: &ServiceName) -> String {
    format!(
        "there is no service account {name} that is in use. `cargo xtask service-account list` \
         shows all"
    )
}

#[cfg(test)]
mod tests {
    use stack::{Source, Stack};

    use super::*;

    /// What the list says of the one account: permissions, secrets that work, and its end.
    async fn listed(accounts: &mut Accounts) -> (String, i64, bool) {
        let list = accounts.list().await.unwrap();
        let [account] = &list[..] else {
            panic!("one account expected: {list:?}");
        };
        (
            account.permissions.join(" "),
            account.secrets,
            account.disabled,
        )
    }

    /// How many credentials have the hash of `secret`, and end.
    async fn stored(accounts: &mut Accounts, secret: &str) -> (i64, i64) {
        let query = "select count(*), count(coalesce(revoked_at, expires_at)) \
                     from service_credentials where secret_hash = $1";
        let row = sqlx::query(query).bind(hash(secret));
        let row = row.fetch_one(&mut accounts.connection).await.unwrap();
        (row.get(0), row.get(1))
    }

    async fn walk_through(url: &str) {
        let mut accounts = Accounts::open(url).await.unwrap();
        let name: ServiceName = "push-service".parse().unwrap();
        let one = || vec!["users:read".to_owned()];

        let first = accounts.create(&name, one()).await.unwrap();
        let prefix = ClientSecret::PREFIX;
        assert!(first.starts_with(prefix) && first.len() == prefix.len() + 64);
        assert_eq!(stored(&mut accounts, &first).await, (1, 0));
        assert!(accounts.create(&name, one()).await.is_err(), "it is taken");
        assert_eq!(listed(&mut accounts).await, ("users:read".into(), 1, false));

        // With grace the old secret works on for a while, and no longer by the next rotation.
        let second = accounts.rotate(&name, 60).await.unwrap();
        assert_eq!(stored(&mut accounts, &first).await, (1, 1));
        assert_eq!(stored(&mut accounts, &second).await, (1, 0));
        assert_eq!(listed(&mut accounts).await.1, 2);
        accounts.rotate(&name, 3600).await.unwrap();
        let lasting = "select count(*) from service_credentials \
                       where expires_at > now() + interval '61 seconds'";
        let lasting: i64 = sqlx::query_scalar(lasting)
            .fetch_one(&mut accounts.connection)
            .await
            .unwrap();
        assert_eq!(lasting, 1, "only the second one's end is an hour away");

        // Without grace all old ones end at once.
        accounts.rotate(&name, 0).await.unwrap();
        assert_eq!(listed(&mut accounts).await.1, 1);

        let other = vec!["preferences:read".to_owned()];
        accounts.permit(&name, other).await.unwrap();
        accounts.disable(&name).await.unwrap();
        let expected = ("preferences:read".to_owned(), 0, true);
        assert_eq!(listed(&mut accounts).await, expected);
        assert!(accounts.rotate(&name, 0).await.is_err());
        assert!(accounts.permit(&name, one()).await.is_err());
        assert!(accounts.disable(&name).await.is_err());
        assert_eq!(listed(&mut accounts).await, expected);
        assert_trail(&mut accounts, &[&first, &second]).await;
    }

    /// Each change is in the audit trail, without a secret; what was refused is not.
    async fn assert_trail(accounts: &mut Accounts, secrets: &[&String]) {
        let rows = "select action, row_to_json(audit_log)::text from audit_log \
                    where actor_kind = 'operator' \
                    and subject_id = (select id from service_accounts) order by occurred_at";
        let trail: Vec<(String, String)> = sqlx::query_as(rows)
            .fetch_all(&mut accounts.connection)
            .await
            .unwrap();
        let actions: Vec<_> = trail.iter().map(|(action, _)| action.as_str()).collect();
        let expected = [
            "service_account_created",
            "service_account_rotated",
            "service_account_rotated",
            "service_account_rotated",
            "privilege_permissions_changed",
            "service_account_disabled",
        ];
        assert_eq!(actions, expected);
        for secret in secrets {
            assert!(trail.iter().all(|(_, row)| !row.contains(*secret)));
        }
    }

    #[test]
    fn an_account_is_made_rotated_permitted_and_ended() {
        let none = Source::Existing(String::new());
        let stack = Stack::builder().redis(none).start().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(walk_through(stack.database_url()));
    }
}
