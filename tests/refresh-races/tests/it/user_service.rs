//! Our own service, by the profile that comes along.

use e2e::Service;
use refresh_races::{Profile, run, table};

use super::assert_passed;

const LIMITS: &str = r#"{
    "registration": {"limit": 1000, "window": 1},
    "login": {"limit": 1000, "window": 1},
    "login_address": {"limit": 1000, "window": 1}
}"#;

#[tokio::test]
async fn our_service_passes() {
    let service = Service::with_variables(&[("rate_limits", LIMITS)]);
    let mut profile = Profile::parse(include_str!("../../profiles/user-service.toml")).unwrap();
    service.url().clone_into(&mut profile.url);

    let rows = run(profile, "").await.unwrap();

    println!("{}", table(&rows));
    assert_passed(&rows);
    assert!(rows.iter().all(|row| row.outcome == "passed"), "{rows:?}");
}
