//! What a request costs: the round trips that it makes to other servers, counted where they are made.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

tokio::task_local! {
    /// The tally of the request that is being worked on.
    static TALLY: Rc<RefCell<Tally>>;
}

/// A server that requests depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// PostgreSQL, whichever server of it.
    Postgres,
    /// Redis.
    Redis,
    /// Another service, by HTTP.
    Http,
}

/// What a request has cost so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// PostgreSQL's part.
    pub postgres: Trips,
    /// Redis' part.
    pub redis: Trips,
    /// The part of other services.
    pub http: Trips,
}

/// Round trips to one server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trips {
    /// How many.
    pub count: u32,
    /// How long their answers took, all together.
    pub time: Duration,
}

impl Tally {
    fn trips(&mut self, dependency: Dependency) -> &mut Trips {
        match dependency {
            Dependency::Postgres => &mut self.postgres,
            Dependency::Redis => &mut self.redis,
            Dependency::Http => &mut self.http,
        }
    }
}

/// Does `work`, and answers with what it has cost besides. What it leaves to be done after the
/// answer is not part of it.
pub async fn tallied<T>(work: impl Future<Output = T>) -> (T, Tally) {
    let tally = Rc::new(RefCell::new(Tally::default()));
    let answer = TALLY.scope(tally.clone(), work).await;
    let tally = *tally.borrow();
    (answer, tally)
}

/// Adds a round trip that took `time` to the tally of the request that is being worked on; outside
/// of one it is not counted.
pub fn note_round_trip(dependency: Dependency, time: Duration) {
    let _ = TALLY.try_with(|tally| {
        let mut tally = tally.borrow_mut();
        let trips = tally.trips(dependency);
        trips.count += 1;
        trips.time += time;
    });
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const TIME: Duration = Duration::from_millis(3);

    #[test]
    fn round_trips_are_counted_by_the_request_that_makes_them() {
        let first = tallied(async {
            note_round_trip(Dependency::Redis, TIME);
            tokio::task::yield_now().await;
            note_round_trip(Dependency::Postgres, TIME);
            note_round_trip(Dependency::Postgres, TIME);
        });
        let second = tallied(async {
            tokio::task::yield_now().await;
            note_round_trip(Dependency::Redis, TIME);
        });
        let both = futures_util::future::join(first, second);
        let mut both = std::pin::pin!(both);
        let (((), first), ((), second)) = loop {
            if let Some(answers) = both.as_mut().now_or_never() {
                break answers;
            }
        };

        assert_eq!((first.redis.count, first.postgres.count), (1, 2));
        assert_eq!(first.postgres.time, 2 * TIME);
        assert_eq!((second.redis.count, second.postgres.count), (1, 0));
    }

    #[test]
    fn what_is_no_part_of_a_request_is_not_counted() {
        note_round_trip(Dependency::Http, TIME);
        let ((), tally) = tallied(async {}).now_or_never().expect("an answer");
        assert_eq!(tally, Tally::default());
    }
}
