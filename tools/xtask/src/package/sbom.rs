//! The bill of materials (`CycloneDX` 1.5): every crate that is in the components.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use cyclonedx_bom::external_models::normalized_string::NormalizedString;
use cyclonedx_bom::external_models::spdx::SpdxExpression;
use cyclonedx_bom::external_models::uri::Purl;
use cyclonedx_bom::models::bom::{Bom, SpecVersion};
use cyclonedx_bom::models::component::{Classification, Component, Components};
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::hash::{Hash, HashAlgorithm, HashValue, Hashes};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata;
use cyclonedx_bom::validation::Validate;
use serde::Deserialize;
use serde_json::Value;

use super::{VERSION, output};
use crate::build::COMPONENTS;

/// The bill of materials of the workspace in `root`, as JSON. It has neither a time nor a number of its
/// own, so that the same sources give the same file.
///
/// # Errors
/// If cargo can't say what there is, or the document is not in order.
pub(super) fn document(root: &Path) -> Result<Vec<u8>> {
    let arguments = [
        "metadata",
        "--locked",
        "--format-version",
        "1",
        "--filter-platform",
        "wasm32-wasip2",
    ];
    let metadata = output("cargo", &arguments, root)?;
    let metadata: CargoMetadata =
        serde_json::from_str(&metadata).context("cargo metadata is not in order")?;
    let lock = root.join("Cargo.lock");
    let lock =
        fs::read_to_string(&lock).with_context(|| format!("can't read {}", lock.display()))?;
    let bom = bill(&metadata, &lock)?;
    let found = bom.validate_version(SpecVersion::V1_5);
    if !found.passed() {
        bail!("the bill of materials is not in order: {found:?}");
    }
    let mut json = Vec::new();
    bom.output_as_json_v1_5(&mut json)?;
    json.push(b'\n');
    Ok(json)
}

/// What `cargo metadata` says, as far as it matters here.
#[derive(Debug, Deserialize)]
struct CargoMetadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    description: Option<String>,
    /// None for a package of the workspace.
    source: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Debug, Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Debug, Deserialize)]
struct Kind {
    /// Null for what is in the program, else `dev` or `build`.
    kind: Value,
}

fn bill(metadata: &CargoMetadata, lock: &str) -> Result<Bom> {
    let packages: BTreeMap<&str, &Package> = metadata
        .packages
        .iter()
        .map(|package| (package.id.as_str(), package))
        .collect();
    let edges: BTreeMap<&str, Vec<&str>> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), linked(node)))
        .collect();
    let checksums = checksums(lock)?;

    let mut waiting: Vec<&str> = packages
        .values()
        .filter(|package| package.source.is_none() && COMPONENTS.contains(&package.name.as_str()))
        .map(|package| package.id.as_str())
        .collect();
    let roots: Vec<String> = references(&waiting, &packages)?;
    let mut seen = BTreeSet::new();
    let mut components = BTreeMap::new();
    let mut dependencies = BTreeMap::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let package = packages.get(id).context("cargo names an unknown package")?;
        let needs = edges.get(id).map_or(&[][..], Vec::as_slice);
        waiting.extend(needs);
        let reference = purl(package)?.to_string();
        dependencies.insert(reference.clone(), references(needs, &packages)?);
        components.insert(reference, component(package, &checksums)?);
    }

    let whole = Component::new(
        Classification::Application,
        "user-service",
        VERSION,
        Some("user-service".to_owned()),
    );
    let dependencies = std::iter::once(("user-service".to_owned(), roots)).chain(dependencies);
    Ok(Bom {
        version: 1,
        serial_number: None,
        spec_version: SpecVersion::V1_5,
        metadata: Some(Metadata {
            component: Some(whole),
            ..Metadata::default()
        }),
        components: Some(Components(components.into_values().collect())),
        dependencies: Some(Dependencies(
            dependencies
                .map(|(dependency_ref, dependencies)| Dependency {
                    dependency_ref,
                    dependencies,
                })
                .collect(),
        )),
        ..Bom::default()
    })
}

/// What is in the program because `node` is.
fn linked(node: &Node) -> Vec<&str> {
    let normal = |edge: &&Edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_null());
    node.deps
        .iter()
        .filter(normal)
        .map(|edge| edge.pkg.as_str())
        .collect()
}

fn component(
    package: &Package,
    checksums: &BTreeMap<(String, String), String>,
) -> Result<Component> {
    let purl = purl(package)?;
    let mut component = Component::new(
        Classification::Library,
        &package.name,
        &package.version,
        Some(purl.to_string()),
    );
    component.description = package.description.as_deref().map(NormalizedString::new);
    component.licenses = package.license.as_deref().map(|license| {
        // Older crates write "MIT/Apache-2.0".
        let expression = SpdxExpression::new(&license.replace('/', " OR "));
        Licenses(vec![LicenseChoice::Expression(expression)])
    });
    component.hashes = checksums
        .get(&(package.name.clone(), package.version.clone()))
        .map(|checksum| {
            Hashes(vec![Hash {
                alg: HashAlgorithm::SHA_256,
                content: HashValue(checksum.clone()),
            }])
        });
    component.purl = Some(purl);
    Ok(component)
}

fn references(ids: &[&str], packages: &BTreeMap<&str, &Package>) -> Result<Vec<String>> {
    let mut references = Vec::new();
    for id in ids {
        let package = packages.get(id).context("cargo names an unknown package")?;
        references.push(purl(package)?.to_string());
    }
    references.sort();
    references.dedup();
    Ok(references)
}

fn purl(package: &Package) -> Result<Purl> {
    Purl::new("cargo", &package.name, &package.version)
        .with_context(|| format!("{} can't be named", package.name))
}

/// The checksum of each package in Cargo.lock that has one.
fn checksums(lock: &str) -> Result<BTreeMap<(String, String), String>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Locked>,
    }
    #[derive(Deserialize)]
    struct Locked {
        name: String,
        version: String,
        checksum: Option<String>,
    }
    let lock: Lock = toml::from_str(lock).context("Cargo.lock is not in order")?;
    let packages = lock.package.into_iter();
    Ok(packages
        .filter_map(|package| Some(((package.name, package.version), package.checksum?)))
        .collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stack::workspace_root;

    use super::*;

    fn sbom() -> Value {
        serde_json::from_slice(&document(&workspace_root()).unwrap()).unwrap()
    }

    #[test]
    fn every_crate_of_the_components_is_in_it_and_no_tool() {
        let sbom = sbom();
        assert_eq!(sbom["bomFormat"], "CycloneDX");
        let names: BTreeSet<&str> = sbom["components"]
            .as_array()
            .unwrap()
            .iter()
            .map(|component| component["name"].as_str().unwrap())
            .collect();
        for name in COMPONENTS
            .iter()
            .chain(&["api", "store", "axum", "argon2", "spin-sdk"])
        {
            assert!(names.contains(name), "{name}");
        }
        for name in ["xtask", "host", "wasmtime", "sqlx", "insta"] {
            assert!(!names.contains(name), "{name}");
        }
    }

    #[test]
    fn each_has_its_licence_and_checksum_and_is_referred_to() {
        let sbom = sbom();
        let components = sbom["components"].as_array().unwrap();
        let mut references = BTreeSet::from(["user-service"]);
        for component in components {
            assert!(
                component["licenses"][0]["expression"].is_string(),
                "{component}"
            );
            let reference = component["bom-ref"].as_str().unwrap();
            assert_eq!(component["purl"], reference);
            assert!(reference.starts_with("pkg:cargo/"), "{reference}");
            references.insert(reference);
        }
        let axum = components
            .iter()
            .find(|component| component["name"] == "axum");
        let hash = &axum.unwrap()["hashes"][0];
        assert_eq!(hash["alg"], "SHA-256");
        assert_eq!(hash["content"].as_str().unwrap().len(), 64);
        for dependency in sbom["dependencies"].as_array().unwrap() {
            for needed in dependency["dependsOn"].as_array().into_iter().flatten() {
                assert!(references.contains(needed.as_str().unwrap()), "{needed}");
            }
        }
    }

    #[test]
    fn it_has_no_time_and_no_place() {
        let text = String::from_utf8(document(&workspace_root()).unwrap()).unwrap();
        assert!(!text.contains("timestamp") && !text.contains("serialNumber"));
        assert!(!text.contains(workspace_root().to_str().unwrap()));
    }

    #[test]
    fn what_only_builds_or_tests_is_not_linked() {
        let node: Node = serde_json::from_value(json!({"id": "a", "deps": [
            {"pkg": "b", "dep_kinds": [{"kind": null}, {"kind": "dev"}]},
            {"pkg": "c", "dep_kinds": [{"kind": "build"}]},
        ]}))
        .unwrap();
        assert_eq!(linked(&node), ["b"]);
    }
}
