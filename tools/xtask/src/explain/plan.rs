//! What `EXPLAIN` says of a statement.

use anyhow::{Context, Result};
use serde_json::Value;

/// So many rows of a table are more than a statement has any use for: the largest batch is 500.
const MOST_ROWS: f64 = 10_000.0;

/// A plan and its execution.
#[derive(Debug)]
pub(super) struct Plan {
    /// PostgreSQL's estimate.
    pub(super) cost: f64,
    /// Pages that were touched.
    pub(super) pages: u64,
    /// How long it took.
    pub(super) milliseconds: f64,
    /// The tables that were read from end to end.
    pub(super) scanned: Vec<String>,
    /// The tables of which too many rows were expected, and how many.
    pub(super) large: Vec<(String, f64)>,
}

impl Plan {
    /// Reads the JSON of `EXPLAIN (ANALYZE, BUFFERS)`; `scanned` was counted besides.
    pub(super) fn read(text: &str, scanned: Vec<String>) -> Result<Self> {
        let plans: Value = serde_json::from_str(text).context("a plan is no JSON")?;
        let whole = &plans[0];
        let top = &whole["Plan"];
        let number = |value: &Value| value.as_u64().unwrap_or_default();
        let mut plan = Self {
            cost: top["Total Cost"].as_f64().context("a plan has no cost")?,
            pages: number(&top["Shared Hit Blocks"]) + number(&top["Shared Read Blocks"]),
            milliseconds: whole["Execution Time"].as_f64().unwrap_or_default(),
            scanned,
            large: Vec::new(),
        };
        plan.look_at(top, false);
        Ok(plan)
    }

    /// Notes what is remarkable about `node` and the nodes below it. Below a limit it does not matter how
    /// many rows there would be.
    fn look_at(&mut self, node: &Value, is_limited: bool) {
        if let Some(table) = node["Relation Name"].as_str() {
            if node["Node Type"] == "Seq Scan" && !self.scanned.iter().any(|known| known == table) {
                self.scanned.push(table.to_owned());
            }
            let rows = node["Plan Rows"].as_f64().unwrap_or_default();
            if rows > MOST_ROWS && !is_limited {
                self.large.push((table.to_owned(), rows));
            }
        }
        for below in node["Plans"].as_array().into_iter().flatten() {
            self.look_at(below, is_limited || node["Node Type"] == "Limit");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_tables_and_many_rows_are_noticed_wherever_they_are() {
        let text = r#"[{
            "Plan": {
                "Node Type": "Nested Loop", "Total Cost": 7.5, "Shared Hit Blocks": 3, "Shared Read Blocks": 1,
                "Plans": [
                    {"Node Type": "Seq Scan", "Relation Name": "users", "Plan Rows": 5},
                    {"Node Type": "Index Scan", "Relation Name": "sessions", "Plan Rows": 20000},
                    {"Node Type": "Limit", "Plans": [
                        {"Node Type": "Index Scan", "Relation Name": "outbox", "Plan Rows": 20000}
                    ]}
                ]
            },
            "Execution Time": 0.25
        }]"#;
        let plan = Plan::read(text, vec!["outbox".to_owned()]).unwrap();
        assert_eq!((plan.cost, plan.pages, plan.milliseconds), (7.5, 4, 0.25));
        assert_eq!(plan.scanned, ["outbox", "users"]);
        assert_eq!(plan.large, [("sessions".to_owned(), 20_000.0)]);
        assert!(Plan::read("[]", Vec::new()).is_err());
    }
}
