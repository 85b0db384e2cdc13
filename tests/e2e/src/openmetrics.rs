//! A strict reader of OpenMetrics 1.0: whatever the specification forbids fails the test.

mod family;
mod sample;

use std::collections::BTreeMap;

pub use family::{Family, Kind};
pub use sample::{Labels, Sample};

/// Metrics as they were read.
#[derive(Debug)]
pub struct OpenMetrics {
    /// The families by their names.
    pub families: BTreeMap<String, Family>,
}

impl OpenMetrics {
    /// Reads `text`.
    pub fn read(text: &str) -> Self {
        let text = text.strip_suffix("# EOF\n").expect("ends with # EOF");
        let mut families: BTreeMap<String, Family> = BTreeMap::new();
        let mut current: Option<(String, Family)> = None;
        for line in text.split_terminator('\n') {
            if let Some(metadata) = line.strip_prefix("# ") {
                let (keyword, rest) = metadata.split_once(' ').expect(line);
                let (name, value) = rest.split_once(' ').expect(line);
                if current.as_ref().is_none_or(|(known, _)| known != name) {
                    finish(&mut families, current.take());
                    current = Some((name.to_owned(), Family::default()));
                }
                let (name, family) = current.as_mut().expect("set above");
                family.describe(name, keyword, value);
            } else {
                let (name, family) = current.as_mut().expect("a family before its samples");
                family.add(name, Sample::read(line));
            }
        }
        finish(&mut families, current);
        Self { families }
    }

    /// All samples, by their names: of the counter `a` that is `a_total`.
    pub fn samples(&self) -> impl Iterator<Item = &Sample> {
        self.families.values().flat_map(|family| &family.samples)
    }

    /// The value of the sample with this name and these labels, if it is there.
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let labels: Labels = labels
            .iter()
            .map(|(label, value)| ((*label).to_owned(), (*value).to_owned()))
            .collect();
        self.samples()
            .find(|sample| sample.name == name && sample.labels == labels)
            .map(|sample| sample.value)
    }

    /// The sum of all samples with this name that have at least these labels.
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        self.samples()
            .filter(|sample| sample.name == name)
            .filter(|sample| {
                let has = |(label, value): &(&str, &str)| {
                    sample
                        .labels
                        .get(*label)
                        .is_some_and(|known| known == value)
                };
                labels.iter().all(has)
            })
            .map(|sample| sample.value)
            .sum()
    }
}

fn finish(families: &mut BTreeMap<String, Family>, finished: Option<(String, Family)>) {
    if let Some((name, family)) = finished {
        family.check(&name);
        let before = families.insert(name.clone(), family);
        assert!(before.is_none(), "{name} is interleaved with others");
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    const GOOD: &str = "# TYPE a_seconds histogram\n\
                        # UNIT a_seconds seconds\n\
                        # HELP a_seconds Some \\\\ help.\n\
                        a_seconds_bucket{b=\"\\\"{}\\n\",le=\"0.5\"} 1\n\
                        a_seconds_bucket{b=\"\\\"{}\\n\",le=\"+Inf\"} 3\n\
                        a_seconds_count{b=\"\\\"{}\\n\"} 3\n\
                        a_seconds_sum{b=\"\\\"{}\\n\"} 4.5\n\
                        # TYPE c counter\n\
                        c_total 7\n\
                        # TYPE d gauge\n\
                        d{e=\"f\"} -1.5\n\
                        d{e=\"g\"} 0\n\
                        # EOF\n";

    #[test]
    fn what_is_in_order_is_read() {
        let metrics = OpenMetrics::read(GOOD);
        assert_eq!(metrics.families.len(), 3);
        assert_eq!(metrics.value("c_total", &[]), Some(7.0));
        assert_eq!(metrics.value("d", &[("e", "f")]), Some(-1.5));
        assert_eq!(
            metrics.value("a_seconds_sum", &[("b", "\"{}\n")]),
            Some(4.5)
        );
        assert!((metrics.sum("d", &[]) + 1.5).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_in_order_is_refused() {
        for (from, to) in [
            ("# EOF\n", ""),
            ("# EOF\n", "# EOF"),
            ("# EOF\n", "\n# EOF\n"),
            ("# EOF\n", "# EOF\n# EOF\n"),
            ("c_total", "c"),
            ("c_total 7", "c_total -7"),
            ("c_total 7", "c_total NaN"),
            ("c_total 7", "c_total  7"),
            ("c_total 7", "c_total"),
            ("c counter", "c_total counter"),
            ("c counter", "c number"),
            ("# TYPE c counter\n", ""),
            ("# TYPE c counter\n", "# TYPE c counter\n# TYPE c counter\n"),
            ("# UNIT a_seconds seconds", "# UNIT a_seconds bytes"),
            ("# TYPE d gauge", "# TYPE d gauge\n# UNIT d seconds"),
            ("le=\"0.5\"} 1", "le=\"0.5\"} 4"),
            ("le=\"0.5\"", "le=\"x\""),
            (
                "a_seconds_count{b=\"\\\"{}\\n\"} 3",
                "a_seconds_count{b=\"\\\"{}\\n\"} 2",
            ),
            ("le=\"+Inf\"", "le=\"1.0\""),
            ("{e=\"g\"}", "{e=\"f\"}"),
            ("{e=\"g\"}", "{e=\"g\",e=\"h\"}"),
            ("{e=\"g\"}", "{e=\"g\",}"),
            ("{e=\"g\"}", "{e=g}"),
            ("{e=\"g\"}", "{e=\"\\g\"}"),
            ("{e=\"g\"}", "{1=\"g\"}"),
            ("d{e=\"g\"} 0", "d{e=\"g\"} 0\nc_total 8"),
            ("d{e=\"g\"} 0", "# TYPE c counter\nd{e=\"g\"} 0"),
            ("d{e=\"g\"} 0", "d{e=\"g\"} 0\r"),
        ] {
            let bad = GOOD.replacen(from, to, 1);
            assert_ne!(bad, GOOD, "{from}");
            assert!(catch_unwind(|| OpenMetrics::read(&bad)).is_err(), "{bad}");
        }
    }
}
