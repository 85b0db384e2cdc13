//! The least that a Spin component can do: what the benchmark compares the service with.

use spin_sdk::http_service;

#[http_service]
async fn handle(_: spin_sdk::http::Request) -> &'static str {
    "Hello"
}
