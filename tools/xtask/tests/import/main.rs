//! `import-django`, from a database as the old service has it into a running service whose clients are those of
//! the old one, and `export-django`, the way back. `IMPORT_USERS` and `IMPORT_LOGINS` make it a rehearsal with as many: it
//! prints what took how long.

#![expect(
    clippy::unwrap_used,
    reason = "what fails in here fails the test that called it"
)]

mod back;
mod changes;
mod clients;
mod command;
mod django;
mod forth;

use std::env;

use e2e::Service;

use crate::command::Databases;
use crate::django::Django;

fn number(variable: &str, default: u32) -> u32 {
    let value = env::var(variable).ok();
    value.map_or(default, |value| value.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_users_of_the_old_service_go_on_with_this_one() {
    let users = number("IMPORT_USERS", 500);
    let logins = number("IMPORT_LOGINS", 20);
    let service = Service::on_own_servers(&[]);
    let stack = service.stack();
    let mut django = Django::new(stack.postgresql().unwrap(), users, logins).await;
    let databases = Databases::new(&django.url, stack.database_url());

    forth::a_dry_run_tells_everything_and_changes_nothing(&service, &mut django, &databases).await;
    forth::a_run_that_was_broken_off_goes_on(&service, &databases, users).await;
    forth::everybody_has_what_he_had(&service, &mut django, users).await;
    forth::old_passwords_work_and_are_hashed_anew(&service, logins).await;
    forth::old_refresh_tokens_are_exchanged_once(&service).await;
    changes::what_has_changed_since_is_brought_over(&service, &mut django, &databases).await;
    back::what_has_changed_here_is_given_back(&service, &mut django, &databases).await;
}
