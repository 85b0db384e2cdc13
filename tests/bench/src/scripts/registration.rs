//! A new account each time.

use anyhow::Result;

use crate::accounts;
use crate::exchange::Request;

/// Registers accounts whose addresses no other client uses.
#[derive(Debug)]
pub(crate) struct Registration {
    client: usize,
    number: u64,
}

impl Registration {
    /// The registrations of the client of this number.
    pub(crate) fn new(client: usize) -> Self {
        Self { client, number: 0 }
    }

    pub(crate) fn next(&mut self) -> Result<Request> {
        self.number += 1;
        accounts::registration(&format!("new-{}-{}@example.com", self.client, self.number))
    }
}
