//! The distributed trace that a request is part of (W3C Trace Context, level 2).

use std::rc::Rc;

use domain::TraceParent;
use http::HeaderMap;
use telemetry::Trace;

use crate::random;

/// The longest `tracestate` that has to be passed on (section 3.3.1.5).
const LONGEST_STATE: usize = 512;

/// The trace that `headers` name, with a new span in it for this request; nothing if they name none.
pub(super) fn of(headers: &HeaderMap) -> Option<Rc<Trace>> {
    let values = headers.get_all("traceparent").into_iter();
    // What is no text is no valid value either.
    let parent = TraceParent::parse(values.map(|value| value.to_str().unwrap_or_default()))?;
    let span = parent.with_parent(random::bytes());
    Some(Rc::new(Trace {
        trace_id: span.trace_id(),
        span_id: span.parent_id(),
        traceparent: span.to_string(),
        tracestate: state(headers),
    }))
}

/// The `tracestate`; its parts may come in several headers.
fn state(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all("tracestate").into_iter();
    let parts: Result<Vec<_>, _> = values.map(|value| value.to_str()).collect();
    let state = parts.ok()?.join(",");
    (1..=LONGEST_STATE).contains(&state.len()).then_some(state)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn trace(headers: &[(&'static str, &str)]) -> Option<Rc<Trace>> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().expect("a value"));
        }
        of(&map)
    }

    #[test]
    fn a_request_is_a_new_span_of_its_trace() {
        let trace = trace(&[("traceparent", PARENT)]).expect("a trace");
        assert_eq!(trace.trace_id, "0af7651916cd43dd8448eb211c80319c");
        assert_ne!(trace.span_id, "b7ad6b7169203331");
        assert_eq!(
            trace.traceparent,
            format!("00-{}-{}-01", trace.trace_id, trace.span_id)
        );
        assert_eq!(trace.tracestate, None);
    }

    #[test]
    fn its_state_is_kept_as_it_came() {
        let state = |values: &[&str]| {
            let mut headers = vec![("traceparent", PARENT)];
            headers.extend(values.iter().map(|value| ("tracestate", *value)));
            trace(&headers).expect("a trace").tracestate.clone()
        };
        assert_eq!(state(&["a=1,b=2"]).as_deref(), Some("a=1,b=2"));
        assert_eq!(state(&["a=1", "b=2"]).as_deref(), Some("a=1,b=2"));
        assert_eq!(state(&[""]), None);
        assert_eq!(state(&["x".repeat(513).as_str()]), None);
    }

    #[test]
    fn without_a_valid_parent_there_is_no_trace() {
        assert_eq!(trace(&[]), None);
        assert_eq!(trace(&[("tracestate", "a=1")]), None);
        assert_eq!(trace(&[("traceparent", "x"), ("tracestate", "a=1")]), None);
        assert_eq!(
            trace(&[("traceparent", PARENT), ("traceparent", PARENT)]),
            None
        );
    }
}
