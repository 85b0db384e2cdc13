//! `/api/v1/services`: what other services ask for.

mod delivery;
mod introspect;
mod push_tokens;
mod revoke;
mod templates;
mod token;
mod unsubscribe_links;
mod users;

use crate::operation::Operation;

/// Its operations.
pub(crate) fn operations() -> Vec<Operation> {
    let mut operations = vec![token::post(), introspect::post(), revoke::post()];
    operations.extend(users::operations());
    operations.extend([
        templates::preview(),
        delivery::decide(),
        delivery::explain(),
    ]);
    operations.extend([push_tokens::feedback(), unsubscribe_links::post()]);
    operations
}
