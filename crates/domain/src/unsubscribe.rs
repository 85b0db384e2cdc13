//! One-click unsubscribing (RFC 8058): what a link names, what it shows, and what makes it act.

mod one_click;
mod page;
mod target;

pub use one_click::is_one_click;
pub use page::{Subscription, confirmation_page};
pub use target::{UnsubscribeError, UnsubscribeTarget};
