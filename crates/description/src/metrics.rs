//! `/metrics`.

use crate::answer::Answer;
use crate::caller::Caller;
use crate::operation::Operation;
use crate::schema::string;
use crate::tag::Tag;

/// Its operation.
pub(crate) fn operations() -> Vec<Operation> {
    let answer = Answer::other(
        "What all instances have counted, and how things stand.",
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
        string(),
        "# TYPE dependency_up gauge\ndependency_up{dependency=\"postgresql\"} 1\n# EOF\n",
    );
    let operation = Operation::new(
        "get",
        "/metrics",
        "showMetrics",
        Tag::Operation,
        Caller::Operator,
    )
    .says(
        "What there is to count",
        "As OpenMetrics; docs/observability.md lists the metrics.",
    )
    .answers(answer);
    vec![operation]
}
