//! Many at once: what one statement or one script decides stays decided.

mod accounts;
mod users;
