//! A family: what is said of it, and its samples.

use std::collections::BTreeSet;

use super::sample::{Labels, Sample, assert_name};

/// A family of metrics.
#[derive(Debug, Default)]
pub struct Family {
    /// What it is.
    pub kind: Option<Kind>,
    /// Its samples, in their order.
    pub samples: Vec<Sample>,
    unit: Option<String>,
    help: Option<String>,
}

/// The kinds that are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Its sample ends with `_total`.
    Counter,
    /// Its samples end with `_bucket`, `_count` and `_sum`.
    Histogram,
    /// Its sample has its name.
    Gauge,
}

impl Family {
    /// Notes a line of metadata, each at most once and before the samples.
    pub(super) fn describe(&mut self, name: &str, keyword: &str, value: &str) {
        assert_name(name, name);
        assert!(
            self.samples.is_empty(),
            "{keyword} of {name} comes too late"
        );
        let is_new = match keyword {
            "TYPE" => {
                let kind = match value {
                    "counter" => Kind::Counter,
                    "histogram" => Kind::Histogram,
                    "gauge" => Kind::Gauge,
                    other => panic!("{name} is a {other}"),
                };
                self.kind.replace(kind).is_none()
            }
            "UNIT" => {
                assert!(name.ends_with(&format!("_{value}")), "{name} in {value}");
                self.unit.replace(value.to_owned()).is_none()
            }
            "HELP" => self.help.replace(value.to_owned()).is_none(),
            other => panic!("{other} is no metadata"),
        };
        assert!(is_new, "{keyword} of {name} twice");
    }

    /// Adds a sample of this family.
    pub(super) fn add(&mut self, name: &str, sample: Sample) {
        let kind = self.kind.unwrap_or_else(|| panic!("{name} has no type"));
        let suffix = sample.name.strip_prefix(name).unwrap_or("of another");
        let suffixes: &[&str] = match kind {
            Kind::Counter => &["_total"],
            Kind::Histogram => &["_bucket", "_count", "_sum"],
            Kind::Gauge => &[""],
        };
        assert!(suffixes.contains(&suffix), "{} in {name}", sample.name);
        assert!(
            kind == Kind::Gauge || sample.value >= 0.0,
            "{sample:?} is negative"
        );
        self.samples.push(sample);
    }

    /// Checks what only the whole family shows.
    pub(super) fn check(&self, name: &str) {
        let kind = self.kind.unwrap_or_else(|| panic!("{name} has no type"));
        assert!(
            kind != Kind::Counter || !name.ends_with("_total"),
            "the suffix of {name} is the samples'"
        );
        let mut seen = BTreeSet::new();
        for sample in &self.samples {
            let is_new = seen.insert((&sample.name, &sample.labels));
            assert!(is_new, "{sample:?} twice");
            let has_bound = sample.labels.contains_key("le");
            assert_eq!(has_bound, sample.name.ends_with("_bucket"), "{sample:?}");
        }
        if kind == Kind::Histogram {
            self.check_histogram(name);
        }
    }

    /// For each set of labels: bounds and counts that grow up to that of `+Inf`, which is the count.
    fn check_histogram(&self, name: &str) {
        let sets: BTreeSet<Labels> = self.samples.iter().map(without_bound).collect();
        for labels in sets {
            let of_set = |suffix: &str| {
                let name = format!("{name}{suffix}");
                let samples = self.samples.iter();
                let found =
                    samples.filter(|sample| sample.name == name && without_bound(sample) == labels);
                found.collect::<Vec<_>>()
            };
            let ([count], [_sum]) = (&of_set("_count")[..], &of_set("_sum")[..]) else {
                panic!("one count and one sum of {name}{labels:?} expected");
            };
            let buckets: Vec<(f64, f64)> = of_set("_bucket")
                .iter()
                .map(|sample| (bound(sample), sample.value))
                .collect();
            let grows = |pair: &[(f64, f64)]| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1;
            assert!(buckets.windows(2).all(grows), "{name}: {buckets:?}");
            assert_eq!(
                buckets.last(),
                Some(&(f64::INFINITY, count.value)),
                "{name}"
            );
        }
    }
}

fn without_bound(sample: &Sample) -> Labels {
    let mut labels = sample.labels.clone();
    labels.remove("le");
    labels
}

fn bound(sample: &Sample) -> f64 {
    match &*sample.labels["le"] {
        "+Inf" => f64::INFINITY,
        bound => bound.parse().expect("a bound"),
    }
}
