//! The permissions of an account or a token.

use std::collections::BTreeSet;
use std::fmt;

use crate::permission::ServicePermission;

/// A set of permissions; in text their names with spaces between (RFC 6749, section 3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(BTreeSet<ServicePermission>);

impl Scope {
    /// Reads the claim `scope` of a token that we have issued, or the names in an account. A name
    /// that is not known permits nothing: it may be of a later version.
    pub fn of_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(
            names
                .into_iter()
                .filter_map(|name| name.parse().ok())
                .collect(),
        )
    }

    /// Whether `permission` is in it.
    pub fn permits(&self, permission: ServicePermission) -> bool {
        self.0.contains(&permission)
    }

    /// The part of it that `asked` names, or all of it if nothing is asked for.
    ///
    /// # Errors
    /// The first name that is not in it.
    pub fn narrowed<'a>(&self, asked: Option<&'a str>) -> Result<Self, &'a str> {
        let Some(asked) = asked else {
            return Ok(self.clone());
        };
        let granted = asked.split_ascii_whitespace().map(|name| {
            let permission = name.parse().ok().filter(|known| self.permits(*known));
            permission.ok_or(name)
        });
        granted.collect::<Result<_, _>>().map(Self)
    }

    /// The names, in the order of [`ServicePermission::ALL`].
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|permission| permission.as_str())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scope(text: &str) -> Scope {
        Scope::of_names(text.split(' '))
    }

    #[test]
    fn a_scope_is_written_in_one_order_and_without_what_is_not_known() {
        let scope = scope("preferences:read users:write users:read users:read");
        assert_eq!(scope.to_string(), "users:read preferences:read");
        assert!(scope.permits(ServicePermission::UsersRead));
        assert!(!scope.permits(ServicePermission::PushTokensRead));
    }

    #[test]
    fn a_part_can_be_asked_for_and_nothing_more() {
        let scope = scope("users:read preferences:read");
        assert_eq!(scope.narrowed(None), Ok(scope.clone()));
        let part = scope.narrowed(Some(" preferences:read ")).unwrap();
        assert_eq!(part.to_string(), "preferences:read");
        for (asked, refused) in [
            ("push-tokens:read", "push-tokens:read"),
            ("users:read everything", "everything"),
            ("USERS:READ", "USERS:READ"),
        ] {
            assert_eq!(scope.narrowed(Some(asked)), Err(refused));
        }
    }

    proptest! {
        #[test]
        fn no_question_widens_a_scope(
            has in proptest::sample::subsequence(ServicePermission::ALL.to_vec(), 0..=9),
            asked in proptest::sample::subsequence(ServicePermission::ALL.to_vec(), 0..=9),
        ) {
            let scope = Scope(has.iter().copied().collect());
            let text = Scope(asked.iter().copied().collect()).to_string();
            match scope.narrowed(Some(&text)) {
                Ok(granted) => prop_assert_eq!(granted.to_string(), text),
                Err(_) => prop_assert!(asked.iter().any(|asked| !has.contains(asked))),
            }
            prop_assert_eq!(Scope::of_names(scope.to_string().split(' ')), scope);
        }
    }
}
