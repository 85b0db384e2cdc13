//! The same requests, again and again.

use anyhow::Result;

use crate::exchange::{Answer, Expectation, Request};

/// Requests that are sent in turn and all answered alike.
#[derive(Debug)]
pub(crate) struct Ring {
    requests: Vec<Request>,
    position: usize,
    expected: Expectation,
}

impl Ring {
    /// A ring of `requests`, of which there must be one.
    pub(crate) fn new(requests: Vec<Request>, expected: Expectation) -> Self {
        Self {
            requests,
            position: 0,
            expected,
        }
    }

    /// The next request, and its place in the ring.
    pub(crate) fn next(&mut self) -> (usize, Request) {
        let position = self.position;
        self.position = (position + 1) % self.requests.len();
        (position, self.requests[position].clone())
    }

    /// # Errors
    /// If the answer is another one than expected.
    pub(crate) fn check(&self, answer: &Answer) -> Result<()> {
        self.expected.check(answer)
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::exchange::get;

    #[test]
    fn the_requests_come_in_turn() {
        let expected = Expectation::new(StatusCode::OK, "");
        let mut ring = Ring::new(vec![get("/a"), get("/b")], expected);
        let paths: Vec<_> = (0..3)
            .map(|_| ring.next())
            .map(|(position, request)| (position, request.uri().path().to_owned()))
            .collect();
        let expected = [(0, "/a"), (1, "/b"), (0, "/a")].map(|(n, path)| (n, path.to_owned()));
        assert_eq!(paths, expected);
    }
}
