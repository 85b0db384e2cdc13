//! Which distributed trace a request is part of: known wherever it is worked on, so that what it asks
//! of others carries it on.

use std::rc::Rc;

tokio::task_local! {
    /// The trace of the request that is being worked on.
    static TRACE: Option<Rc<Trace>>;
}

/// A trace as it is passed on (W3C Trace Context).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The trace's identifier, as in the log.
    pub trace_id: String,
    /// This request's span in it, the parent of all that it asks of others; as in the log.
    pub span_id: String,
    /// The header `traceparent`.
    pub traceparent: String,
    /// The header `tracestate`, as it came.
    pub tracestate: Option<String>,
}

/// Does `work` as a part of `trace`; what it leaves to be done after the answer is not.
pub async fn traced<T>(trace: Option<Rc<Trace>>, work: impl Future<Output = T>) -> T {
    TRACE.scope(trace, work).await
}

/// The trace of the request that is being worked on, if it is part of one.
pub fn current() -> Option<Rc<Trace>> {
    TRACE.try_with(Clone::clone).ok().flatten()
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn a_trace_is_known_where_its_request_is_worked_on_and_nowhere_else() {
        let trace = Rc::new(Trace {
            trace_id: "a".into(),
            span_id: "b".into(),
            traceparent: "c".into(),
            tracestate: None,
        });
        let inside = traced(Some(trace.clone()), async { current() });
        assert_eq!(inside.now_or_never(), Some(Some(trace)));
        assert_eq!(traced(None, async { current() }).now_or_never(), Some(None));
        assert_eq!(current(), None);
    }
}
