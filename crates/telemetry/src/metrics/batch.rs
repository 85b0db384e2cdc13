//! What an instance has counted and not handed on yet.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Family, Kind};

/// More series than there can be; none beyond that is noted, so that a fault does not fill the memory.
const MOST_SERIES: usize = 4_000;

/// More users than an instance sees between two batches.
const MOST_USERS: usize = 10_000;

/// What was noted. A series is known by its text, `name{label="value"}`, under which it is counted
/// elsewhere, too.
#[derive(Debug, Default)]
pub(super) struct Noted {
    batch: Batch,
    /// Where the text of a series is put together: most are known already and cost no allocation.
    series: String,
}

/// What was noted until a moment.
#[derive(Debug, Default, PartialEq)]
pub struct Batch {
    counts: HashMap<String, f64>,
    observations: HashMap<String, Observations>,
    users: HashSet<u128>,
    breakers: BTreeMap<&'static str, bool>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Observations {
    bounds: &'static [f64],
    /// How many there were up to each bound and above the one before it; the last are above all.
    counts: Vec<u64>,
    sum: f64,
}

/// How much is to be added to a value that is kept elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Increment {
    /// The value's name: the series; for a histogram with a space and a bound, or `sum`, behind it.
    pub name: String,
    /// How much.
    pub by: f64,
}

impl Noted {
    pub(super) fn count(&mut self, family: &Family, labels: &[&str]) {
        self.name(family, labels);
        if let Some(count) = self.batch.counts.get_mut(&self.series) {
            *count += 1.0;
        } else if self.batch.series() < MOST_SERIES {
            self.batch.counts.insert(self.series.clone(), 1.0);
        }
    }

    pub(super) fn observe(&mut self, family: &Family, labels: &[&str], value: f64) {
        let Kind::Histogram(bounds) = family.kind else {
            return;
        };
        self.name(family, labels);
        let has_room = self.batch.series() < MOST_SERIES;
        if let Some(observations) = self.batch.observations.get_mut(&self.series) {
            observations.add(value);
        } else if has_room {
            let mut observations = Observations {
                bounds,
                counts: vec![0; bounds.len() + 1],
                sum: 0.0,
            };
            observations.add(value);
            let series = self.series.clone();
            self.batch.observations.insert(series, observations);
        }
    }

    pub(super) fn note_user(&mut self, user: u128) {
        if self.batch.users.len() < MOST_USERS {
            self.batch.users.insert(user);
        }
    }

    pub(super) fn note_breaker(&mut self, server: &'static str, is_open: bool) {
        self.batch.breakers.insert(server, is_open);
    }

    pub(super) fn take(&mut self) -> Batch {
        std::mem::take(&mut self.batch)
    }

    /// Adds a batch that was taken before what is noted now.
    pub(super) fn put_back(&mut self, batch: Batch) {
        let Batch {
            counts,
            observations,
            users,
            breakers,
        } = std::mem::replace(&mut self.batch, batch);
        for (series, count) in counts {
            *self.batch.counts.entry(series).or_default() += count;
        }
        for (series, newer) in observations {
            match self.batch.observations.get_mut(&series) {
                Some(older) => older.merge(&newer),
                None => drop(self.batch.observations.insert(series, newer)),
            }
        }
        for user in users {
            self.note_user(user);
        }
        self.batch.breakers.extend(breakers);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.batch.is_empty()
    }

    fn name(&mut self, family: &Family, labels: &[&str]) {
        self.series.clear();
        self.series.push_str(family.name);
        family.write_labels(&mut self.series, labels);
    }
}

impl Batch {
    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is to be added to the values that are kept elsewhere.
    pub fn increments(&self) -> Vec<Increment> {
        let mut increments: Vec<_> = self
            .counts
            .iter()
            .map(|(series, count)| Increment {
                name: series.clone(),
                by: *count,
            })
            .collect();
        for (series, observations) in &self.observations {
            let bounds = observations.bounds.iter().map(|bound| format!("{bound:?}"));
            let parts = bounds.chain(["+Inf".to_owned()]);
            for (part, count) in parts.zip(&observations.counts) {
                if *count > 0 {
                    increments.push(Increment {
                        name: format!("{series} {part}"),
                        by: as_number(*count),
                    });
                }
            }
            increments.push(Increment {
                name: format!("{series} sum"),
                by: observations.sum,
            });
        }
        increments
    }

    /// The users who were active.
    pub fn users(&self) -> impl ExactSizeIterator<Item = u128> {
        self.users.iter().copied()
    }

    /// Whether each of these servers was left alone when it was last looked at.
    pub fn breakers(&self) -> impl ExactSizeIterator<Item = (&'static str, bool)> {
        self.breakers
            .iter()
            .map(|(server, is_open)| (*server, *is_open))
    }

    fn series(&self) -> usize {
        self.counts.len() + self.observations.len()
    }
}

impl Observations {
    fn add(&mut self, value: f64) {
        let bound = self.bounds.partition_point(|bound| *bound < value);
        self.counts[bound] += 1;
        self.sum += value;
    }

    fn merge(&mut self, other: &Self) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.sum += other.sum;
    }
}

#[expect(clippy::cast_precision_loss, reason = "never near 2^53")]
fn as_number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    static REQUESTS: Family = Family {
        name: "requests",
        help: "",
        kind: Kind::Counter,
        labels: &["route", "status"],
    };
    static DURATION: Family = Family {
        name: "duration_seconds",
        help: "",
        kind: Kind::Histogram(&[0.5, 1.0]),
        labels: &[],
    };

    fn increments(batch: &Batch) -> Vec<(String, f64)> {
        let increments = batch.increments().into_iter();
        let mut increments: Vec<_> = increments
            .map(|Increment { name, by }| (name, by))
            .collect();
        increments.sort_by(|left, right| left.0.cmp(&right.0));
        increments
    }

    fn expected(increments: &[(&str, f64)]) -> Vec<(String, f64)> {
        let owned = |(name, by): &(&str, f64)| ((*name).to_owned(), *by);
        increments.iter().map(owned).collect()
    }

    #[test]
    fn each_set_of_labels_is_counted_by_itself() {
        let mut noted = Noted::default();
        noted.count(&REQUESTS, &["/a/{id}", "200"]);
        noted.count(&REQUESTS, &["/a/{id}", "200"]);
        noted.count(&REQUESTS, &["/\"\\\n", "404"]);
        let batch = noted.take();
        assert_eq!(
            increments(&batch),
            expected(&[
                (r#"requests{route="/\"\\\n",status="404"}"#, 1.0),
                (r#"requests{route="/a/{id}",status="200"}"#, 2.0),
            ])
        );
        assert!(noted.is_empty());
    }

    #[test]
    fn durations_are_counted_by_their_upper_bound() {
        let mut noted = Noted::default();
        for value in [0.25, 0.5, 0.75, 2.0] {
            noted.observe(&DURATION, &[], value);
        }
        assert_eq!(
            increments(&noted.take()),
            expected(&[
                ("duration_seconds +Inf", 1.0),
                ("duration_seconds 0.5", 2.0),
                ("duration_seconds 1.0", 1.0),
                ("duration_seconds sum", 3.5),
            ])
        );
    }

    #[test]
    fn what_could_not_be_handed_on_is_kept_with_what_came_after_it() {
        let mut noted = Noted::default();
        noted.count(&REQUESTS, &["a", "200"]);
        noted.observe(&DURATION, &[], 0.25);
        noted.note_user(1);
        noted.note_breaker("Redis", true);
        let batch = noted.take();
        noted.count(&REQUESTS, &["a", "200"]);
        noted.observe(&DURATION, &[], 0.75);
        noted.note_user(1);
        noted.note_user(2);
        noted.note_breaker("Redis", false);
        noted.put_back(batch);

        let batch = noted.take();
        assert_eq!(
            increments(&batch),
            expected(&[
                ("duration_seconds 0.5", 1.0),
                ("duration_seconds 1.0", 1.0),
                ("duration_seconds sum", 1.0),
                (r#"requests{route="a",status="200"}"#, 2.0),
            ])
        );
        assert_eq!(batch.users().len(), 2);
        assert_eq!(batch.breakers().collect::<Vec<_>>(), [("Redis", false)]);
    }

    #[test]
    fn the_memory_is_bounded() {
        let mut noted = Noted::default();
        for number in 0..2 * MOST_SERIES {
            noted.count(&REQUESTS, &[&number.to_string(), "200"]);
        }
        for user in 0..2 * MOST_USERS as u128 {
            noted.note_user(user);
        }
        let batch = noted.take();
        assert_eq!(batch.increments().len(), MOST_SERIES);
        assert_eq!(batch.users().len(), MOST_USERS);
    }
}
