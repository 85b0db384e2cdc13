//! `order=[-]column`: how a list is sorted.

use crate::field_errors::FieldErrors;
use crate::text::{cut, trim};

/// How much of an unknown order is repeated in its error.
const ECHO_LIMIT: usize = 50;

/// Which of `orders` the parameter `order` asks for; the first if it is not there.
///
/// # Errors
/// Under `order`, if it is none of them.
pub(crate) fn parse(
    parameter: Option<&str>,
    orders: &[&'static str],
) -> Result<&'static str, FieldErrors> {
    let Some(asked) = parameter.map(trim) else {
        return Ok(orders[0]);
    };
    let known = orders.iter().copied().find(|order| *order == asked);
    known.ok_or_else(|| {
        let asked = cut(asked, ECHO_LIMIT);
        let mut errors = FieldErrors::one("order", format!("\"{asked}\" is not a valid choice."));
        errors.add("order", format!("Valid choices: {}.", orders.join(", ")));
        errors
    })
}
