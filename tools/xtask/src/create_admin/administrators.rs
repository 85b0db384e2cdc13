//! The administrators in the database: one statement a change.

use anyhow::{Context, Result, bail};
use domain::{Email, Password, Username};
use sqlx::{PgConnection, Row};

use super::new_password::hash;
use crate::database::connect;
use crate::operator::operator;

/// The administrators of one database.
pub(super) struct Administrators {
    connection: PgConnection,
    /// Who makes them, for the audit trail.
    operator: String,
}

/// Since when a user is an administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Granted {
    /// He was none before.
    Now,
    /// He was one.
    Before,
}

impl Administrators {
    /// Connects to the database at `url`.
    pub(super) async fn open(url: &str) -> Result<Self> {
        Ok(Self {
            connection: connect(url).await?,
            operator: operator(),
        })
    }

    /// Whether there is a user with this e-mail address.
    pub(super) async fn is_known(&mut self, email: &Email) -> Result<bool> {
        let found = sqlx::query(include_str!("find.sql"))
            .bind(email.as_str())
            .fetch_optional(&mut self.connection)
            .await?;
        Ok(found.is_some())
    }

    /// Makes an administrator of the user with this e-mail address.
    pub(super) async fn grant(&mut self, email: &Email) -> Result<Granted> {
        let row = sqlx::query(include_str!("grant.sql"))
            .bind(email.as_str())
            .bind(&self.operator)
            .fetch_optional(&mut self.connection)
            .await?;
        let Some(row) = row else {
            bail!(
                "the account of {} is not active, so it can't be an administrator's. Take another \
                 address",
                email.as_str()
            );
        };
        Ok(if row.try_get("is_new")? {
            Granted::Now
        } else {
            Granted::Before
        })
    }

    /// Makes an account that is an administrator's.
    pub(super) async fn create(&mut self, email: &Email, password: &Password) -> Result<()> {
        let chance = getrandom::u32().context("no random numbers")?;
        let usernames: Vec<String> = Username::candidates(email, chance)
            .iter()
            .map(|name| name.as_str().to_owned())
            .collect();
        sqlx::query(include_str!("create.sql"))
            .bind(email.as_str())
            .bind(usernames)
            .bind(hash(password)?)
            .bind(&self.operator)
            .fetch_optional(&mut self.connection)
            .await?
            .context("all user names that follow from the address are taken; try again")?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use stack::{Source, Stack};

    use super::*;

    async fn walk_through(url: &str) {
        let mut administrators = Administrators::open(url).await.unwrap();
        let password = Password::new("correct horse battery");
        let email = Email::parse("Ada@Example.com").unwrap();
        assert!(!administrators.is_known(&email).await.unwrap());
        administrators.create(&email, &password).await.unwrap();
        assert!(administrators.is_known(&email).await.unwrap());
        assert_eq!(administrators.grant(&email).await.unwrap(), Granted::Before);
        assert!(
            administrators.create(&email, &password).await.is_err(),
            "it is taken"
        );

        // All that a user has, and the role.
        let complete = "select count(*) from users as account
             join user_profiles on user_profiles.user_id = account.id
             join notification_preferences on notification_preferences.user_id = account.id
             join user_roles on user_roles.user_id = account.id and user_roles.role = 'admin'
             where account.email = 'ada@example.com' and account.username = 'ada' and account.is_active";
        let connection = &mut administrators.connection;
        let complete: i64 = sqlx::query_scalar(complete)
            .fetch_one(&mut *connection)
            .await
            .unwrap();
        assert_eq!(complete, 1);

        // The last one can't be removed, in whatever way.
        for statement in [
            "delete from user_roles",
            "update users set is_active = false",
            "delete from users",
        ] {
            let error = sqlx::query(statement).execute(&mut *connection).await;
            let error = error.expect_err(statement).into_database_error().unwrap();
            assert_eq!(error.constraint(), Some("user_roles_last_administrator"));
        }

        // Who is there already becomes one without another password, unless he may not sign in.
        let others = "insert into users (email, username, password, is_active)
             values ('bob@example.com', 'bob', 'hash', true), ('eve@example.com', 'eve', 'hash', false)";
        sqlx::query(others).execute(&mut *connection).await.unwrap();
        let bob = Email::parse("bob@example.com").unwrap();
        assert_eq!(administrators.grant(&bob).await.unwrap(), Granted::Now);
        let eve = Email::parse("eve@example.com").unwrap();
        assert!(administrators.grant(&eve).await.is_err());

        // Now one of them may go.
        let connection = &mut administrators.connection;
        let gone = sqlx::query("delete from users where username = 'ada'");
        assert_eq!(
            gone.execute(&mut *connection)
                .await
                .unwrap()
                .rows_affected(),
            1
        );

        let trail = "select string_agg(action, ' ' order by occurred_at) from audit_log where actor_kind = 'operator'";
        let trail: String = sqlx::query_scalar(trail)
            .fetch_one(&mut *connection)
            .await
            .unwrap();
        assert_eq!(trail, "user_created authz_change authz_change");
    }

    #[test]
    fn an_administrator_is_made_of_nobody_or_of_a_user_and_the_last_one_stays() {
        let none = Source::Existing(String::new());
        let stack = Stack::builder().redis(none).start().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(walk_through(stack.database_url()));
    }
}
