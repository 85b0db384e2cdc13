//! `explain`: how PostgreSQL would run every statement of the service on many users, and what it costs.

mod parameters;
mod plan;

use std::collections::{BTreeMap, HashMap};
use std::fs;

use anyhow::{Context, Result, bail};
use clap::Args;
use sqlx::{AssertSqlSafe, Column, Connection, Executor, PgConnection, Row};
use stack::{Source, Stack, workspace_root};

use self::parameters::parameters;
use self::plan::Plan;
use crate::progress::{print, step};
use crate::{packages, seed, sql};

/// What may read a table from end to end, and why that is right.
const EXCEPTIONS: [(&str, &str); 2] = [
    // It counts all that wait.
    ("crates/store/src/outbox/state.sql", "outbox"),
    // It lists them; there are a few.
    ("components/admin/src/roles.sql", "roles"),
];

/// A table of fewer rows may be read from end to end: that may be the quickest way.
const MANY_ROWS: f32 = 10_000.0;

/// With fewer users that is forbidden, to see whether there is another way.
const MANY_USERS: u32 = 50_000;

/// Options of `explain`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// How many users to explain with; several numbers, from small to large, are compared
    #[arg(long, default_values_t = [100_000])]
    users: Vec<u32>,
}

/// Fills a private database, explains every statement, and prints what each costs.
///
/// # Errors
/// If a statement reads a large table from end to end, or expects to find more rows than it should.
pub(crate) fn run(options: &Options) -> Result<()> {
    packages::ensure_programs(&[packages::Program::PostgreSql])?;
    let measured = measure(&options.users)?;
    print(&table(&options.users, &measured));
    complain(&measured)
}

/// A statement and its plans, one for each number of users.
struct Measured {
    file: String,
    plans: Vec<Plan>,
}

/// Explains every statement on a private database with each of these numbers of `users`.
fn measure(users: &[u32]) -> Result<Vec<Measured>> {
    let stack = Stack::builder()
        .redis(Source::Existing(String::new()))
        .progress(step)
        .start()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut connection = PgConnection::connect(stack.database_url())
            .await
            .context("can't use the database")?;
        let mut measured: Vec<Measured> = Vec::new();
        let mut present = 0;
        for number in users {
            let Some(more) = number.checked_sub(present) else {
                bail!("the numbers of --users must not get smaller");
            };
            seed::add_users(&mut connection, more).await?;
            present = *number;
            step("Explaining every SQL file");
            for (file, plan) in explain_all(&mut connection, present).await? {
                match measured.iter_mut().find(|one| one.file == file) {
                    Some(one) => one.plans.push(plan),
                    None => measured.push(Measured {
                        file,
                        plans: vec![plan],
                    }),
                }
            }
        }
        Ok(measured)
    })
}

/// The plan of every statement of the components and crates, by its file and, if it is explained with
/// several lists of parameters, the number of the list.
async fn explain_all(connection: &mut PgConnection, users: u32) -> Result<Vec<(String, Plan)>> {
    let sample = sample(connection).await?;
    let many_rows = if users < MANY_USERS { 0.0 } else { MANY_ROWS };
    let large_tables: Vec<String> = sqlx::query_scalar(include_str!("large_tables.sql"))
        .bind(many_rows)
        .fetch_all(&mut *connection)
        .await?;
    let mut plans = Vec::new();
    for path in sql::files(&["components", "crates"])? {
        let file = path.strip_prefix(workspace_root()).unwrap_or(&path);
        let file = file.display().to_string();
        let text = fs::read_to_string(&path).with_context(|| format!("can't read {file}"))?;
        let Some(lists) = parameters(&file) else {
            bail!("{file} has no parameters in tools/xtask/src/explain/parameters.rs. Add them");
        };
        for (index, list) in lists.iter().enumerate() {
            let name = match lists.len() {
                1 => file.clone(),
                _ => format!("{file} ({})", index + 1),
            };
            let plan = explain(connection, &text, &filled(list, &sample), users).await;
            let mut plan = plan.with_context(|| format!("can't explain {name}"))?;
            plan.scanned.retain(|table| large_tables.contains(table));
            plans.push((name, plan));
        }
    }
    Ok(plans)
}

/// The columns of `sample.sql`, as SQL literals.
async fn sample(connection: &mut PgConnection) -> Result<HashMap<String, String>> {
    let row = sqlx::query(include_str!("sample.sql"))
        .fetch_one(connection)
        .await
        .context("no seeded user has all that is needed; seed more of them")?;
    let mut values = HashMap::new();
    for column in row.columns() {
        let value: Option<String> = row.try_get(column.name())?;
        let value = value.with_context(|| format!("there is no {}", column.name()))?;
        values.insert(
            format!("{{{}}}", column.name()),
            format!("'{}'", value.replace('\'', "''")),
        );
    }
    Ok(values)
}

/// `list` with the values of `sample` in their places.
fn filled(list: &str, sample: &HashMap<String, String>) -> String {
    sample.iter().fold(list.to_owned(), |list, (name, value)| {
        list.replace(name, value)
    })
}

/// Runs the statement `text` with `parameters`, and rolls it back.
async fn explain(
    connection: &mut PgConnection,
    text: &str,
    parameters: &str,
    users: u32,
) -> Result<Plan> {
    let mut transaction = connection.begin().await?;
    if users < MANY_USERS {
        transaction
            .execute("set local enable_seqscan = off")
            .await?;
    }
    let prepare = format!("prepare explained as {text}");
    sqlx::raw_sql(AssertSqlSafe(prepare))
        .execute(&mut *transaction)
        .await?;
    let parameters = completed(&mut transaction, parameters).await?;
    let before = scans(&mut transaction).await?;
    let statement =
        format!("explain (analyze, buffers, format json) execute explained{parameters}");
    let row = sqlx::raw_sql(AssertSqlSafe(statement))
        .fetch_one(&mut *transaction)
        .await?;
    let plan: String = row.try_get_unchecked(0)?;
    // What functions, triggers and foreign keys have read is in no plan, but it is counted.
    let after = scans(&mut transaction).await?;
    let scanned = after
        .into_iter()
        .filter(|(table, scans)| before.get(table) != Some(scans))
        .map(|(table, _)| table)
        .collect();
    transaction.rollback().await?;
    connection.execute("deallocate explained").await?;
    Plan::read(&plan, scanned)
}

/// `parameters` in parentheses, with null for the last ones of the prepared statement that they leave out,
/// as the origin of an act.
async fn completed(connection: &mut PgConnection, parameters: &str) -> Result<String> {
    let count =
        "select cardinality(parameter_types) from pg_prepared_statements where name = 'explained'";
    let expected: i32 = sqlx::query_scalar(count)
        .fetch_one(&mut *connection)
        .await?;
    let count = format!("select count(*) from json_object_keys(row_to_json(row({parameters})))");
    let given: i64 = sqlx::query_scalar(AssertSqlSafe(count))
        .fetch_one(&mut *connection)
        .await?;
    let missing = usize::try_from(i64::from(expected) - given).unwrap_or_default();
    let nulls = std::iter::repeat_n("null", missing);
    let list: Vec<&str> = (given > 0)
        .then_some(parameters)
        .into_iter()
        .chain(nulls)
        .collect();
    Ok(match list.as_slice() {
        [] => String::new(),
        list => format!("({})", list.join(", ")),
    })
}

/// How often each table was read from end to end until now.
async fn scans(connection: &mut PgConnection) -> Result<BTreeMap<String, i64>> {
    let scans: Vec<(String, i64)> = sqlx::query_as(include_str!("scanned.sql"))
        .fetch_all(connection)
        .await?;
    Ok(scans.into_iter().collect())
}

/// Fails if a plan is not what it should be.
fn complain(measured: &[Measured]) -> Result<()> {
    let mut complaints = Vec::new();
    for Measured { file, plans } in measured {
        for plan in plans {
            let is_expected = |table: &str| EXCEPTIONS.contains(&(file.as_str(), table));
            let scanned = plan.scanned.iter().filter(|table| !is_expected(table));
            complaints.extend(scanned.map(|table| format!("  {file} reads all of {table}")));
            let large = plan.large.iter().filter(|(table, _)| !is_expected(table));
            complaints.extend(
                large.map(|(table, rows)| format!("  {file} expects {rows} rows of {table}")),
            );
        }
    }
    complaints.dedup();
    if !complaints.is_empty() {
        bail!(
            "{} statements would be slow with many users:\n{}",
            complaints.len(),
            complaints.join("\n")
        );
    }
    Ok(())
}

/// What each statement costs, as PostgreSQL estimates it, which pages it touches and how long it took;
/// with several numbers of users also how the last compares with the first.
fn table(users: &[u32], measured: &[Measured]) -> String {
    let mut lines = vec![
        format!(
            "| statement | {} |",
            users
                .iter()
                .map(|users| format!("{users} users: cost, pages, ms"))
                .collect::<Vec<_>>()
                .join(" | ")
        ) + if users.len() > 1 {
            " cost, last ÷ first |"
        } else {
            ""
        },
        "|---".repeat(1 + users.len() + usize::from(users.len() > 1)) + "|",
    ];
    for Measured { file, plans } in measured {
        let mut cells = vec![format!("`{file}`")];
        cells.extend(
            plans
                .iter()
                .map(|plan| format!("{:.0}, {}, {:.2}", plan.cost, plan.pages, plan.milliseconds)),
        );
        if let [first, .., last] = plans.as_slice() {
            cells.push(format!("{:.2}", last.cost / first.cost));
        }
        lines.push(format!("| {} |", cells.join(" | ")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_statement_finds_what_it_needs_by_an_index() {
        let measured = measure(&[2_000]).expect("a database");
        complain(&measured).expect("no slow statement");
    }

    #[test]
    fn a_table_that_is_read_from_end_to_end_is_noticed_in_functions_too() {
        let stack = Stack::builder().redis(Source::Existing(String::new()));
        let stack = stack.start().expect("a database");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let work = async {
            let mut connection = PgConnection::connect(stack.database_url()).await?;
            seed::add_users(&mut connection, 100).await?;
            let create = "create function by_phone(text) returns bigint language plpgsql
                as 'begin return (select count(*) from users where phone_number = $1); end'";
            connection.execute(create).await?;
            for (text, expected) in [
                (
                    "select id from users where phone_number = $1",
                    &["users"][..],
                ),
                ("select by_phone($1)", &["users"]),
                ("select id from users where lower(email) = $1", &[]),
            ] {
                let plan = explain(&mut connection, text, "'1'", 100).await?;
                assert_eq!(plan.scanned, expected, "{text}");
            }
            anyhow::Ok(())
        };
        runtime
            .expect("a runtime")
            .block_on(work)
            .expect("a database");
    }

    #[test]
    fn parameters_get_the_values_of_the_sample() {
        let sample = HashMap::from([("{user}".to_owned(), "'1'".to_owned())]);
        assert_eq!(
            filled("{user}, '{rabbitmq}', {user}", &sample),
            "'1', '{rabbitmq}', '1'"
        );
    }
}
