//! Where variables get their values, in Spin's order: `--variable`, the runtime configuration's
//! providers as they stand there, the environment, the manifest's default.

mod provider;
mod source;

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, bail};

pub(crate) use self::provider::Provider;
pub(crate) use self::source::VariableSource;
use crate::manifest::VariableDeclaration;
use crate::template;

/// Finds the value of every variable of the application; a required one without is an error.
pub(crate) fn resolve(
    declarations: &BTreeMap<String, VariableDeclaration>,
    providers: &[Provider],
) -> anyhow::Result<HashMap<String, String>> {
    let mut resolved = HashMap::new();
    let mut missing = Vec::new();
    for (name, declaration) in declarations {
        check_name(name).map_err(anyhow::Error::msg)?;
        let mut value = None;
        for provider in providers {
            value = provider.get(name)?;
            if value.is_some() {
                break;
            }
        }
        match value.or_else(|| declaration.default.clone()) {
            Some(value) => _ = resolved.insert(name.clone(), value),
            None => missing.push(name.as_str()),
        }
    }
    if let Some(first) = missing.first() {
        bail!(
            "required variables have no value: {}; set SPIN_VARIABLE_{} or pass --variable \
             {first}=... for example",
            missing.join(", "),
            first.to_ascii_uppercase(),
        );
    }
    Ok(resolved)
}

/// The variables that one component may ask for.
#[derive(Debug)]
pub(crate) struct ComponentVariables {
    component: String,
    values: HashMap<String, String>,
}

/// Why a component does not get a variable.
#[derive(Debug, PartialEq)]
pub(crate) enum VariableError {
    /// No variable may be named like this.
    InvalidName(String),
    /// The component has no such variable.
    Undefined(String),
}

impl ComponentVariables {
    /// Renders the component's templates with the application's variables.
    pub(crate) fn new(
        component: &str,
        templates: &BTreeMap<String, String>,
        variables: &HashMap<String, String>,
    ) -> anyhow::Result<Self> {
        let mut values = HashMap::new();
        for (name, text) in templates {
            check_name(name).map_err(anyhow::Error::msg)?;
            let value = template::render(text, variables)
                .with_context(|| format!("the variable {name:?} of component {component:?}"))?;
            values.insert(name.clone(), value);
        }
        Ok(Self {
            component: component.to_owned(),
            values,
        })
    }

    /// The value of the variable `name`.
    pub(crate) fn get(&self, name: &str) -> Result<String, VariableError> {
        check_name(name).map_err(VariableError::InvalidName)?;
        self.values.get(name).cloned().ok_or_else(|| {
            VariableError::Undefined(format!("no variable for {:?}.{name:?}", self.component))
        })
    }
}

/// Checks a variable's name: lower-case letters and digits, in parts joined by single `_`,
/// beginning with a letter.
fn check_name(name: &str) -> Result<(), String> {
    let reason = if name.is_empty() {
        "must not be empty"
    } else if !name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        "may contain only lower-case letters, digits and underscores"
    } else if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        "must start with a letter"
    } else if name.ends_with('_') {
        "must not end with an underscore"
    } else if name.contains("__") {
        "must not contain two underscores in a row"
    } else {
        return Ok(());
    };
    Err(format!("{name:?}: {reason}"))
}

/// Collects what `--variable` said into a provider; of several values the last counts.
pub(crate) fn command_line_provider(sources: &[VariableSource]) -> anyhow::Result<Provider> {
    let mut values = HashMap::new();
    for source in sources {
        values.extend(source.read()?);
    }
    Ok(Provider::fixed(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(text: &str) -> BTreeMap<String, VariableDeclaration> {
        toml::from_str(text).unwrap()
    }

    fn fixed(name: &str, value: &str) -> Provider {
        Provider::fixed([(name.to_owned(), value.to_owned())].into())
    }

    #[test]
    fn the_first_provider_that_knows_a_variable_wins() {
        let declarations = declared("a = { default = \"default\" }");
        let value =
            |providers: &[Provider]| resolve(&declarations, providers).unwrap()["a"].clone();
        assert_eq!(value(&[]), "default");
        assert_eq!(value(&[fixed("b", "other")]), "default");
        assert_eq!(
            value(&[fixed("b", "other"), fixed("a", "1"), fixed("a", "2")]),
            "1"
        );
        assert_eq!(value(&[fixed("a", "")]), "", "an empty value is a value");
    }

    #[test]
    fn required_variables_without_value_are_all_named() {
        let declarations = declared(
            "jwt_secret = { required = true }\na = { required = true }\nb = { default = \"\" }",
        );
        let error = resolve(&declarations, &[fixed("other", "x")])
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "required variables have no value: a, jwt_secret; set SPIN_VARIABLE_A or pass \
             --variable a=... for example"
        );
    }

    #[test]
    fn a_component_gets_its_own_variables_only() {
        let templates = [("url".to_owned(), "redis://{{ host }}".to_owned())].into();
        let variables = [("host".to_owned(), "cache".to_owned())].into();
        let variables = ComponentVariables::new("main", &templates, &variables).unwrap();
        assert_eq!(variables.get("url").unwrap(), "redis://cache");
        assert_eq!(
            variables.get("host").unwrap_err(),
            VariableError::Undefined("no variable for \"main\".\"host\"".to_owned())
        );
        assert!(matches!(
            variables.get("URL"),
            Err(VariableError::InvalidName(_))
        ));
    }

    #[test]
    fn names_follow_spins_rule() {
        for name in ["a", "a1", "a_b", "database_url"] {
            assert!(check_name(name).is_ok(), "{name:?} was refused");
        }
        for name in ["", "A", "1a", "_a", "a_", "a__b", "a-b", "ä"] {
            assert!(check_name(name).is_err(), "{name:?} was accepted");
        }
    }

    #[test]
    fn the_last_value_on_the_command_line_counts() {
        let sources = ["a=1", "b=2", "a=3"].map(|text| text.parse().unwrap());
        let provider = command_line_provider(&sources).unwrap();
        assert_eq!(provider.get("a").unwrap().as_deref(), Some("3"));
        assert_eq!(provider.get("b").unwrap().as_deref(), Some("2"));
    }
}
