//! What the client says where there is no service. That it works with one is seen where the documents'
//! commands are run.

use std::process::Command;

#[test]
fn without_a_service_the_failure_is_told() {
    let tour = Command::new(env!("CARGO_BIN_EXE_example-client"))
        // Nobody listens there.
        .arg("http://127.0.0.1:1")
        .output();

    let tour = tour.expect("the client runs");
    assert_eq!(tour.status.code(), Some(1), "{tour:?}");
    let told = String::from_utf8_lossy(&tour.stderr);
    assert!(told.contains("Connection refused"), "{told}");
}
