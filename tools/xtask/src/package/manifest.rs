//! `spin.toml` as a package has it: components composed already, beside the manifest.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use composition::Dependency;
use toml_edit::{DocumentMut, Table, value};

/// The components of `manifest`, composed with what they depend on, from the files in `built`.
///
/// # Errors
/// If the manifest is not in order, a file is missing, or a dependency does not fit.
pub(super) fn composed(manifest: &str, built: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut document = parse(manifest)?;
    let mut composed = BTreeMap::new();
    for (name, component) in components(&mut document)?.iter_mut() {
        let name = name.get();
        let component = component.as_table().context("a component is no table")?;
        let source = component.get("source").and_then(toml_edit::Item::as_str);
        let source = source.with_context(|| format!("component {name} has no source"))?;
        let bytes = composition::read(&built_file(built, Path::new(source))?)?;
        let dependencies = match component.get("dependencies") {
            Some(table) => dependencies(table, built)?,
            None => BTreeMap::new(),
        };
        let bytes = composition::compose(name, bytes, &dependencies)?;
        composed.insert(name.to_owned(), bytes);
    }
    Ok(composed)
}

/// `manifest` for the composed files: without how they are built and what they depend on.
///
/// # Errors
/// If it is not in order.
pub(super) fn packaged(manifest: &str) -> Result<String> {
    let mut document = parse(manifest)?;
    for (name, component) in components(&mut document)?.iter_mut() {
        let file = format!("{}.wasm", name.get());
        let component = component
            .as_table_mut()
            .context("a component is no table")?;
        component.insert("source", value(file));
        component.remove("dependencies");
        component.remove("build");
    }
    Ok(document.to_string())
}

fn parse(manifest: &str) -> Result<DocumentMut> {
    manifest.parse().context("spin.toml is not in order")
}

fn components(document: &mut DocumentMut) -> Result<&mut Table> {
    let components = document.get_mut("component");
    let components = components.and_then(toml_edit::Item::as_table_mut);
    components.context("spin.toml has no components")
}

/// Dependencies as the manifest declares them, in the folder of what was built.
fn dependencies(table: &toml_edit::Item, built: &Path) -> Result<BTreeMap<String, Dependency>> {
    let table = table.as_table().context("dependencies are no table")?;
    let mut dependencies: BTreeMap<String, Dependency> =
        toml::from_str(&table.to_string()).context("a dependency is not in order")?;
    for dependency in dependencies.values_mut() {
        dependency.path = built_file(built, &dependency.path)?;
    }
    Ok(dependencies)
}

/// The file of this name in the folder of what was built.
fn built_file(built: &Path, source: &Path) -> Result<std::path::PathBuf> {
    let name = source.file_name().context("a source names no file")?;
    Ok(built.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"# About it.
[application]
name = "a"

# ---- auth ----
[component.auth]
source = "target/wasm32-wasip2/release/auth.wasm"
allowed_outbound_hosts = ["{{ database_address }}"]

[component.auth.variables]
database_url = "{{ database_url }}"

[component.auth.dependencies]
"a:b@1.0.0" = { path = "target/wasm32-wasip2/release/b.wasm" }

[component.auth.build]
command = "cargo build"
"#;

    #[test]
    fn a_packaged_manifest_is_the_same_but_for_where_files_are_and_come_from() {
        let expected = r#"# About it.
[application]
name = "a"

# ---- auth ----
[component.auth]
source = "auth.wasm"
allowed_outbound_hosts = ["{{ database_address }}"]

[component.auth.variables]
database_url = "{{ database_url }}"
"#;
        assert_eq!(packaged(MANIFEST).unwrap(), expected);
    }

    #[test]
    fn dependencies_are_looked_for_where_things_were_built() {
        let mut document = parse(MANIFEST).unwrap();
        let component = &components(&mut document).unwrap()["auth"];
        let found = dependencies(&component["dependencies"], Path::new("/built")).unwrap();
        assert_eq!(found["a:b@1.0.0"].path, Path::new("/built/b.wasm"));
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        assert!(packaged("[component").is_err());
        assert!(packaged("[application]\n").is_err());
        assert!(composed(MANIFEST, Path::new("/nowhere")).is_err());
    }
}
