//! spin.toml, manifest version 2, as far as the development host serves it.
//!
//! Fields that it does not know are refused, so that nothing is silently left out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use composition::Dependency;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

/// A Spin application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    spin_manifest_version: u32,
    #[expect(
        dead_code,
        reason = "read so that it may stand there; nothing depends on it"
    )]
    application: IgnoredAny,
    #[serde(default)]
    pub(crate) variables: BTreeMap<String, VariableDeclaration>,
    trigger: Triggers,
    pub(crate) component: BTreeMap<String, Component>,
}

/// A variable of the application: either it is required, or it has a default.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VariableDeclaration {
    #[serde(default)]
    pub(crate) required: bool,
    pub(crate) default: Option<String>,
    #[serde(default, rename = "secret")]
    _secret: bool,
    #[serde(rename = "description")]
    _description: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Triggers {
    #[serde(default)]
    http: Vec<HttpTrigger>,
}

/// Which requests reach a component.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpTrigger {
    #[serde(rename = "id")]
    _id: Option<IgnoredAny>,
    /// An exact path, or a prefix followed by `/...`.
    pub(crate) route: String,
    /// The component's id.
    pub(crate) component: String,
}

/// A component of the application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Component {
    #[serde(rename = "description")]
    _description: Option<IgnoredAny>,
    /// The .wasm file, relative to the manifest.
    pub(crate) source: PathBuf,
    /// What it may connect to, as templates.
    #[serde(default)]
    pub(crate) allowed_outbound_hosts: Vec<String>,
    /// The environment that it sees.
    #[serde(default)]
    pub(crate) environment: BTreeMap<String, String>,
    /// The variables that it may ask for, as templates.
    #[serde(default)]
    pub(crate) variables: BTreeMap<String, String>,
    /// What satisfies its imports, by the import's name.
    #[serde(default)]
    pub(crate) dependencies: BTreeMap<String, Dependency>,
    build: Option<Build>,
    #[serde(rename = "tool")]
    _tool: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct Build {
    command: IgnoredOrCommand,
}

/// The build command is one string or a list of them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum IgnoredOrCommand {
    One(String),
    Many(Vec<String>),
}

impl Manifest {
    /// Reads and checks the manifest, whose relative paths become relative to its directory.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let mut manifest: Self = read_toml(path)?;
        manifest
            .check()
            .with_context(|| path.display().to_string())?;
        let directory = path.parent().unwrap_or(Path::new(""));
        for component in manifest.component.values_mut() {
            component.source = directory.join(&component.source);
            for dependency in component.dependencies.values_mut() {
                dependency.path = directory.join(&dependency.path);
            }
        }
        Ok(manifest)
    }

    /// The HTTP triggers, in the manifest's order.
    pub(crate) fn http_triggers(&self) -> &[HttpTrigger] {
        &self.trigger.http
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.spin_manifest_version == 2,
            "only manifest version 2 is known"
        );
        for (name, variable) in &self.variables {
            if variable.required == variable.default.is_some() {
                bail!("the variable {name:?} must either be required or have a default");
            }
        }
        for trigger in &self.trigger.http {
            if !self.component.contains_key(&trigger.component) {
                let HttpTrigger {
                    route, component, ..
                } = trigger;
                bail!("the route {route:?} names the unknown component {component:?}");
            }
        }
        Ok(())
    }
}

impl Component {
    /// How to build the component, as the manifest has it.
    pub(crate) fn build_command(&self) -> Option<String> {
        self.build.as_ref().map(|build| match &build.command {
            IgnoredOrCommand::One(command) => command.clone(),
            IgnoredOrCommand::Many(commands) => commands.join(" && "),
        })
    }
}

/// Reads a TOML file; an error names the file and the line.
pub(crate) fn read_toml<T: DeserializeOwned>(path: &Path) -> anyhow::Result<T> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
    toml::from_str(&text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = text[..start].lines().count().max(1);
        anyhow::anyhow!(
            "{}, line {line}: {}",
            path.display(),
            error.message().trim()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "spin_manifest_version = 2\n[application]\nname = \"a\"\n";

    fn parse(rest: &str) -> anyhow::Result<Manifest> {
        let manifest: Manifest = toml::from_str(&format!("{HEAD}{rest}"))?;
        manifest.check()?;
        Ok(manifest)
    }

    #[test]
    fn a_whole_manifest_is_read() {
        let manifest = parse(
            r#"
            [variables]
            address = { required = true, secret = true, description = "where" }
            level = { default = "info" }

            [[trigger.http]]
            id = "everything"
            route = "/..."
            component = "main"

            [component.main]
            source = "main.wasm"
            allowed_outbound_hosts = ["{{ address }}"]
            environment = { MODE = "test" }
            variables = { level = "{{ level }}" }
            build = { command = ["one", "two"], watch = ["src"] }

            [component.main.dependencies]
            "a:b@1.0.0" = { path = "b.wasm" }
            "c:d/e" = { path = "d.wasm", export = "c:d/f" }
            "#,
        )
        .unwrap();
        let main = &manifest.component["main"];
        assert_eq!(manifest.http_triggers()[0].route, "/...");
        assert_eq!(main.build_command().unwrap(), "one && two");
        assert_eq!(main.dependencies["c:d/e"].export.as_deref(), Some("c:d/f"));
    }

    #[test]
    fn what_the_host_does_not_offer_is_refused() {
        let component = "[component.c]\nsource = \"c.wasm\"\n";
        for rest in [
            "[trigger]\n[component]\n[variables]\nx = {}",
            "[trigger]\n[component]\n[variables]\nx = { required = true, default = \"\" }",
            "[trigger]\n[[trigger.redis]]\nchannel = \"x\"\n[component]",
            "[[trigger.http]]\nroute = \"/\"\ncomponent = \"nobody\"\n[component]",
            "[[trigger.http]]\nroute = { private = true }\ncomponent = \"c\"\n[component]",
            &format!("[trigger]\n{component}files = [\"x\"]"),
            &format!("[trigger]\n{component}key_value_stores = [\"default\"]"),
            &format!("[trigger]\n{component}dependencies_inherit_configuration = true"),
            &format!("[trigger]\n{component}dependencies = {{ \"a:b\" = \">=1\" }}"),
        ] {
            assert!(parse(rest).is_err(), "accepted: {rest}");
        }
    }
}
