//! Templates as spin.toml knows them: text with `{{ variable }}` in it.

use std::collections::HashMap;

use anyhow::bail;

/// Replaces each `{{ name }}` of `template` by the variable's value.
///
/// Fails for a brace pair that is not closed and for a variable that the manifest does not declare.
pub(crate) fn render(
    template: &str,
    variables: &HashMap<String, String>,
) -> anyhow::Result<String> {
    let mut rendered = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((literal, expression)) = rest.split_once("{{") {
        let Some((name, after)) = expression.split_once("}}") else {
            bail!("the template {template:?} has a {{{{ without }}}}");
        };
        let Some(value) = variables.get(name.trim()) else {
            bail!(
                "the template {template:?} names the unknown variable {:?}",
                name.trim()
            );
        };
        rendered.push_str(literal);
        rendered.push_str(value);
        rest = after;
    }
    rendered.push_str(rest);
    Ok(rendered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render_text(template: &str) -> anyhow::Result<String> {
        let variables = [("host", "db"), ("port", "5432"), ("odd", "{{ host }}")];
        render(
            template,
            &variables
                .map(|(name, value)| (name.into(), value.into()))
                .into(),
        )
    }

    #[test]
    fn expressions_are_replaced() {
        for (template, rendered) in [
            ("", ""),
            ("plain }} text", "plain }} text"),
            ("{{ host }}", "db"),
            ("{{host}}:{{  port  }}", "db:5432"),
            ("a{{ host }}b{{ port }}c", "adbb5432c"),
            // A value is not a template.
            ("{{ odd }}", "{{ host }}"),
        ] {
            assert_eq!(render_text(template).unwrap(), rendered);
        }
    }

    #[test]
    fn bad_templates_are_refused() {
        for template in ["{{ host", "a {{", "{{ nobody }}", "{{}}", "{{ HOST }}"] {
            assert!(render_text(template).is_err(), "{template:?} was accepted");
        }
    }
}
