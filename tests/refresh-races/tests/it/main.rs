//! That a right server passes, that each case can fail, and that ours passes.

mod stand_in;
mod user_service;

use refresh_races::{ALL, Profile, Row, run};

use stand_in::{Bug, StandIn};

/// What the stand-in is spoken to by.
fn profile(url: &str, grace_seconds: u64) -> Profile {
    let text = format!(
        r#"
        name = "stand-in"
        url = "{url}"
        username = "somebody"
        password = "something"
        grace_seconds = {grace_seconds}
        ends_access = true
        [login]
        path = "/login"
        json = {{ username = "{{username}}", password = "{{password}}" }}
        access = "/access"
        refresh = "/refresh"
        [refresh]
        path = "/refresh"
        json = {{ refresh = "{{refresh}}" }}
        access = "/access"
        refresh = "/refresh"
        [protected]
        method = "GET"
        path = "/protected"
        headers = {{ authorization = "Bearer {{access}}" }}
        [logout]
        path = "/logout"
        json = {{ refresh = "{{refresh}}" }}
        "#
    );
    Profile::parse(&text).expect("a profile")
}

/// What the cases find of a stand-in with this bug.
async fn rows(bug: Option<Bug>, grace_seconds: u64, only: &str) -> Vec<Row> {
    let server = StandIn::start(bug, grace_seconds).await;
    let profile = profile(&server.url(), grace_seconds);
    run(profile, only).await.expect("the cases run")
}

/// Makes sure that every one of `rows` has passed.
fn assert_passed(rows: &[Row]) {
    assert_eq!(rows.len(), ALL.len());
    for row in rows {
        assert!(row.has_passed(), "{row:?}");
    }
}

/// Makes sure that a server with `bug` fails the case of this name.
async fn assert_found(bug: Bug, case: &str) {
    let rows = rows(Some(bug), 1, case).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0].outcome, "failed", "{rows:?}");
    assert!(!rows[0].explanation.is_empty());
}

#[tokio::test]
async fn a_right_server_passes_with_and_without_a_grace_period() {
    assert_passed(&rows(None, 1, "").await);
    let strict = rows(None, 0, "").await;
    assert_passed(&strict);
    let skipped: Vec<_> = strict
        .iter()
        .filter(|row| row.outcome == "skipped")
        .map(|row| row.case)
        .collect();
    assert_eq!(skipped, ["lost-answer"]);
}

#[tokio::test]
async fn a_token_that_is_read_before_it_is_marked_is_found() {
    assert_found(Bug::Toctou, "reuse-toctou").await;
}

#[tokio::test]
async fn generations_told_apart_by_whole_seconds_are_found() {
    assert_found(Bug::WholeSeconds, "same-second-replay").await;
}

#[tokio::test]
async fn a_refresh_that_undoes_a_logout_is_found() {
    assert_found(Bug::LostRevocation, "refresh-against-revoke").await;
}

#[tokio::test]
async fn a_sibling_within_the_grace_period_is_found() {
    assert_found(Bug::Sibling, "sibling-successors").await;
}

#[tokio::test]
async fn a_second_chain_is_found() {
    assert_found(Bug::Fork, "grace-fork").await;
}

#[tokio::test]
async fn a_server_that_signs_out_who_lost_an_answer_is_found() {
    assert_found(Bug::NoGrace, "lost-answer").await;
}

#[tokio::test]
async fn a_family_that_outlives_a_theft_is_found() {
    assert_found(Bug::SurvivingFamily, "late-reuse").await;
}

#[tokio::test]
async fn a_server_that_is_away_is_no_proof() {
    let mut profile = profile("http://127.0.0.1:1", 1);
    profile.register = None;
    let rows = run(profile, "late-reuse").await.expect("a row");
    assert_eq!(rows[0].outcome, "error", "{rows:?}");
    assert!(!rows[0].has_passed());
}
