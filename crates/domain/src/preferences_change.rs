//! What `PUT` and `PATCH /preferences` ask for.

use serde_json::Value;

use crate::field_errors::{FieldErrors, Parsed};
use crate::input::Input;
use crate::time_of_day::TimeOfDay;
use crate::values::{boolean, integer, parsed_or_blank};

/// Changes to a user's notification preferences; what is `None` stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PreferencesChange {
    /// Any e-mail at all.
    pub email_enabled: Option<bool>,
    /// E-mails that advertise.
    pub email_marketing: Option<bool>,
    /// E-mails about what the user does.
    pub email_transactional: Option<bool>,
    /// E-mails about the account's safety.
    pub email_security: Option<bool>,
    /// E-mails about the service.
    pub email_system: Option<bool>,
    /// Any push message at all.
    pub push_enabled: Option<bool>,
    /// Push messages that advertise.
    pub push_marketing: Option<bool>,
    /// Push messages about what the user does.
    pub push_transactional: Option<bool>,
    /// Push messages about the account's safety.
    pub push_security: Option<bool>,
    /// Push messages about the service.
    pub push_system: Option<bool>,
    /// When quiet hours begin, in the user's time zone; `Some(None)` removes it.
    pub do_not_disturb_start: Option<Option<TimeOfDay>>,
    /// When quiet hours end, in the user's time zone; `Some(None)` removes it.
    pub do_not_disturb_end: Option<Option<TimeOfDay>>,
    /// Most messages a day; not negative.
    pub frequency_limit: Option<i32>,
}

impl PreferencesChange {
    /// # Errors
    /// Everything that is wrong with the request.
    pub fn parse(body: &Value) -> Result<Self, FieldErrors> {
        let mut input = Input::new(body)?;
        let change = Self {
            email_enabled: input.optional("email_enabled", boolean),
            email_marketing: input.optional("email_marketing", boolean),
            email_transactional: input.optional("email_transactional", boolean),
            email_security: input.optional("email_security", boolean),
            email_system: input.optional("email_system", boolean),
            push_enabled: input.optional("push_enabled", boolean),
            push_marketing: input.optional("push_marketing", boolean),
            push_transactional: input.optional("push_transactional", boolean),
            push_security: input.optional("push_security", boolean),
            push_system: input.optional("push_system", boolean),
            do_not_disturb_start: input
                .nullable("do_not_disturb_start", parsed_or_blank(TimeOfDay::parse)),
            do_not_disturb_end: input
                .nullable("do_not_disturb_end", parsed_or_blank(TimeOfDay::parse)),
            frequency_limit: input.optional("frequency_limit", frequency_limit),
        };
        input.finish(|| Some(change))
    }

    /// Whether nothing is to be changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn frequency_limit(value: &Value) -> Parsed<i32> {
    let number = integer(0, i32::MAX.into())(value)?;
    Ok(i32::try_from(number).expect("the number is within the bounds just checked"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::{arbitrary_json, errors_of};

    #[test]
    fn given_fields_are_read_and_others_stay() {
        let change = PreferencesChange::parse(&json!({
            "email_marketing": false,
            "push_marketing": "true",
            "do_not_disturb_start": "22:00",
            "do_not_disturb_end": null,
            "frequency_limit": "2147483647",
            "id": "ignored",
        }))
        .unwrap();
        let expected = PreferencesChange {
            email_marketing: Some(false),
            push_marketing: Some(true),
            do_not_disturb_start: Some(TimeOfDay::parse("22:00").ok()),
            do_not_disturb_end: Some(None),
            frequency_limit: Some(i32::MAX),
            ..PreferencesChange::default()
        };
        assert_eq!(change, expected);
        assert!(!change.is_empty());
        assert!(
            PreferencesChange::parse(&json!({"id": 1}))
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn each_boolean_reaches_its_own_field() {
        let names = [
            "email_enabled",
            "email_marketing",
            "email_transactional",
            "email_security",
            "email_system",
            "push_enabled",
            "push_marketing",
            "push_transactional",
            "push_security",
            "push_system",
        ];
        for name in names {
            let change = PreferencesChange::parse(&json!({ name: true })).unwrap();
            assert!(
                format!("{change:?}").contains(&format!("{name}: Some(true)")),
                "{name}"
            );
        }
    }

    #[test]
    fn all_errors_are_reported() {
        let change = PreferencesChange::parse(&json!({
            "email_enabled": "maybe",
            "push_enabled": null,
            "frequency_limit": 3_000_000_000_u64,
            "do_not_disturb_start": "25:00",
            "do_not_disturb_end": "",
        }));
        let time = "Time has wrong format. Use one of these formats instead: hh:mm[:ss[.uuuuuu]].";
        assert_eq!(
            errors_of(change),
            json!({
                "email_enabled": ["Must be a valid boolean."],
                "push_enabled": ["This field may not be null."],
                "do_not_disturb_start": [time],
                "do_not_disturb_end": [time],
                "frequency_limit": ["Ensure this value is less than or equal to 2147483647."],
            })
        );
    }

    proptest! {
        #[test]
        fn any_body_is_answered(body in arbitrary_json()) {
            if let Ok(PreferencesChange { frequency_limit: Some(limit), .. }) =
                PreferencesChange::parse(&body)
            {
                prop_assert!(limit >= 0);
            }
        }
    }
}
