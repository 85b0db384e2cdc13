//! `/api/v1/users`: signing up and in, and one's own account.

mod account;
mod activity;
mod change_password;
mod export;
mod login;
mod logout;
mod preferences;
mod profile;
mod push_tokens;
mod register;
mod sessions;
mod token_refresh;

use crate::operation::Operation;

/// Its operations.
pub(crate) fn operations() -> Vec<Operation> {
    let mut operations = vec![
        register::post(),
        login::post(),
        token_refresh::post(),
        logout::post(),
        change_password::post(),
    ];
    operations.extend(profile::operations());
    operations.extend(preferences::operations());
    operations.extend(sessions::operations());
    operations.extend([activity::get(), export::get(), account::delete()]);
    operations.extend(push_tokens::operations());
    operations
}
