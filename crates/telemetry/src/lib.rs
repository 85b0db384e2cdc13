//! What the service tells its operators: log lines, the clock that dates them, what requests cost,
//! which traces they belong to, and what there is to count.

mod clock;
mod log;
pub mod metrics;
pub mod tally;
pub mod trace;

pub use clock::{Clock, Moment};
pub use log::{Level, LogLine};
pub use tally::{Dependency, Tally};
pub use trace::Trace;
