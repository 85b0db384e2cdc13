//! What the service tells its operators: log lines, and the clock that dates them.

mod clock;
mod log;

pub use clock::{Clock, Moment};
pub use log::{Level, LogLine};
