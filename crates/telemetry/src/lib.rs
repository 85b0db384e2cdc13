//! What the service tells its operators: log lines, the clock that dates them, and what requests cost.

mod clock;
mod log;
pub mod tally;

pub use clock::{Clock, Moment};
pub use log::{Level, LogLine};
pub use tally::{Dependency, Tally};
