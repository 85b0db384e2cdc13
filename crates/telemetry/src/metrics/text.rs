//! Metrics as text: OpenMetrics 1.0.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use super::{FAMILIES, Family, Kind};

/// The media type.
pub const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Values that are put together to a text.
#[derive(Debug, Default)]
pub struct Text {
    /// By family, then by labels as they are written; of a histogram also by its parts.
    values: HashMap<&'static str, BTreeMap<String, BTreeMap<String, f64>>>,
}

impl Text {
    /// Adds a value that was kept elsewhere under the name of its
    /// [`Increment`](super::Increment); of a family that is not known any more it is left out.
    pub fn add_kept(&mut self, name: &str, value: f64) {
        let labels_end = name.rfind('}').map(|index| index + 1);
        let series_end = labels_end.or_else(|| name.find(' ')).unwrap_or(name.len());
        let (series, part) = name.split_at(series_end);
        let (family, labels) = series.split_at(series.find('{').unwrap_or(series.len()));
        if let Some(family) = FAMILIES.iter().find(|known| known.name == family) {
            self.insert(family, labels.to_owned(), part.trim_start(), value);
        }
    }

    /// Adds what holds now.
    pub fn add_gauge(&mut self, family: &'static Family, labels: &[&str], value: f64) {
        let mut text = String::new();
        family.write_labels(&mut text, labels);
        self.insert(family, text, "", value);
    }

    /// All families that are known, with the values that were added.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for family in FAMILIES {
            write_head(&mut text, family);
            for (labels, parts) in self.values.get(family.name).into_iter().flatten() {
                write_samples(&mut text, family, labels, parts);
            }
        }
        text.push_str("# EOF\n");
        text
    }

    fn insert(&mut self, family: &Family, labels: String, part: &str, value: f64) {
        let series = self.values.entry(family.name).or_default();
        let parts = series.entry(labels).or_default();
        parts.insert(part.to_owned(), value);
    }
}

// Texts can always be written to.

fn write_head(text: &mut String, family: &Family) {
    let Family {
        name, help, kind, ..
    } = family;
    let kind = match kind {
        Kind::Counter => "counter",
        Kind::Histogram(_) => "histogram",
        Kind::Gauge => "gauge",
    };
    let _ = writeln!(text, "# TYPE {name} {kind}");
    if name.ends_with("_seconds") {
        let _ = writeln!(text, "# UNIT {name} seconds");
    }
    let _ = writeln!(text, "# HELP {name} {}", help.trim());
}

fn write_samples(text: &mut String, family: &Family, labels: &str, parts: &BTreeMap<String, f64>) {
    let name = family.name;
    let part = |part: &str| parts.get(part).copied().unwrap_or_default();
    match family.kind {
        Kind::Counter => {
            let _ = writeln!(text, "{name}_total{labels} {}", part(""));
        }
        Kind::Gauge => {
            let _ = writeln!(text, "{name}{labels} {}", part(""));
        }
        Kind::Histogram(bounds) => {
            let before = match labels.strip_suffix('}') {
                Some(labels) => format!("{labels},"),
                None => "{".to_owned(),
            };
            let bounds = bounds.iter().map(|bound| format!("{bound:?}"));
            let mut count = 0.0;
            for bound in bounds.chain(["+Inf".to_owned()]) {
                count += part(&bound);
                let _ = writeln!(text, "{name}_bucket{before}le=\"{bound}\"}} {count}");
            }
            let _ = writeln!(text, "{name}_count{labels} {count}");
            let _ = writeln!(text, "{name}_sum{labels} {}", part("sum"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CACHE_REQUESTS, OUTBOX_OLDEST, PASSWORD_HASH_DURATION};
    use super::*;

    /// What the text says of one family.
    fn of(text: &Text, name: &str) -> String {
        let text = text.render();
        let lines = text.split_inclusive('\n');
        lines.filter(|line| line.contains(name)).collect()
    }

    #[test]
    fn a_counter_has_its_suffix() {
        let mut text = Text::default();
        text.add_kept(r#"cache_requests{kind="a {id} b",result="hit"}"#, 3.0);
        assert_eq!(
            of(&text, CACHE_REQUESTS.name),
            "# TYPE cache_requests counter\n\
             # HELP cache_requests What the cache was asked for, and whether it had it.\n\
             cache_requests_total{kind=\"a {id} b\",result=\"hit\"} 3\n"
        );
    }

    #[test]
    fn a_gauge_has_its_unit() {
        let mut text = Text::default();
        text.add_gauge(&OUTBOX_OLDEST, &["rabbitmq"], 0.25);
        assert_eq!(
            of(&text, OUTBOX_OLDEST.name),
            "# TYPE outbox_oldest_seconds gauge\n\
             # UNIT outbox_oldest_seconds seconds\n\
             # HELP outbox_oldest_seconds For how long the oldest event has waited for its delivery.\n\
             outbox_oldest_seconds{destination=\"rabbitmq\"} 0.25\n"
        );
    }

    #[test]
    fn a_histogram_is_cumulative() {
        let mut text = Text::default();
        let series = r#"password_hash_duration_seconds{operation="hash"}"#;
        for (part, value) in [("0.03", 2.0), ("1.0", 1.0), ("+Inf", 1.0), ("sum", 2.5)] {
            text.add_kept(&format!("{series} {part}"), value);
        }
        let text = of(&text, PASSWORD_HASH_DURATION.name);
        for (line, value) in [
            ("bucket{operation=\"hash\",le=\"0.02\"}", "0"),
            ("bucket{operation=\"hash\",le=\"0.03\"}", "2"),
            ("bucket{operation=\"hash\",le=\"0.5\"}", "2"),
            ("bucket{operation=\"hash\",le=\"1.0\"}", "3"),
            ("bucket{operation=\"hash\",le=\"+Inf\"}", "4"),
            ("count{operation=\"hash\"}", "4"),
            ("sum{operation=\"hash\"}", "2.5"),
        ] {
            let line = format!("password_hash_duration_seconds_{line} {value}\n");
            assert!(text.contains(&line), "{line} in {text}");
        }
    }

    #[test]
    fn families_without_values_are_named_and_unknown_ones_left_out() {
        let mut text = Text::default();
        text.add_kept("of_an_older_version{a=\"b\"}", 1.0);
        let text = text.render();
        assert_eq!(text.matches("# TYPE ").count(), FAMILIES.len());
        assert!(!text.contains("older"));
        assert!(text.ends_with("# EOF\n"));
    }
}
