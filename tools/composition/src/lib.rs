//! Composes a component with the components that it depends on, as Spin does it.

mod names;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use wac_graph::types::{Package, SubtypeChecker, WorldId};
use wac_graph::{CompositionGraph, EncodeOptions, NodeId};

use self::names::{grants_a_capability, matches_import};

/// A component that satisfies imports of another, as a manifest declares it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// The .wasm file, relative to the manifest.
    pub path: PathBuf,
    /// The export that satisfies the import, if it is named differently.
    pub export: Option<String>,
}

/// Satisfies imports of the component `bytes`, called `component`, by its dependencies, and gives the
/// composed component.
///
/// # Errors
/// If a dependency can't be read or matches no import, two match the same one, the types disagree, or
/// a dependency wants a capability: it inherits none of the component's.
pub fn compose(
    component: &str,
    bytes: Vec<u8>,
    dependencies: &BTreeMap<String, Dependency>,
) -> anyhow::Result<Vec<u8>> {
    if dependencies.is_empty() {
        return Ok(bytes);
    }
    let mut graph = CompositionGraph::new();
    let (world, instance) = instantiate(&mut graph, "component", bytes)
        .with_context(|| format!("component {component:?}"))?;

    let mut satisfied = HashSet::new();
    for (index, (name, dependency)) in dependencies.iter().enumerate() {
        let imports: Vec<String> = graph.types()[world]
            .imports
            .keys()
            .filter(|i| matches_import(name, i))
            .cloned()
            .collect();
        ensure!(
            !imports.is_empty(),
            "no import of component {component:?} is called {name:?}"
        );

        let (provider_world, provider) = instantiate(
            &mut graph,
            &format!("dependency-{index}"),
            read(&dependency.path)?,
        )
        .with_context(|| format!("dependency {name:?} of component {component:?}"))?;
        check_inherits_nothing(&graph, provider_world, name)?;

        for import in imports {
            let export = dependency.export.as_deref().unwrap_or(&import);
            check_types(&graph, (provider_world, export), (world, &import))
                .with_context(|| format!("dependency {name:?} of component {component:?}"))?;
            let export = graph.alias_instance_export(provider, export)?;
            graph.set_instantiation_argument(instance, &import, export)?;
            if !satisfied.insert(import.clone()) {
                bail!("two dependencies of component {component:?} satisfy its import {import:?}");
            }
        }
    }

    let exports: Vec<String> = graph.types()[world].exports.keys().cloned().collect();
    for export in exports {
        let node = graph.alias_instance_export(instance, &export)?;
        graph.export(node, &export)?;
    }
    graph
        .encode(EncodeOptions::default())
        .with_context(|| format!("composing component {component:?}"))
}

/// Reads a .wasm file.
///
/// # Errors
/// If it can't be read; the text names it.
pub fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("can't read {}", path.display()))
}

fn instantiate(
    graph: &mut CompositionGraph,
    name: &str,
    bytes: Vec<u8>,
) -> anyhow::Result<(WorldId, NodeId)> {
    let package = Package::from_bytes(name, None, bytes, graph.types_mut())?;
    let world = package.ty();
    let package = graph.register_package(package)?;
    Ok((world, graph.instantiate(package)))
}

/// A dependency inherits no configuration: what it imports from Spin would not answer there.
fn check_inherits_nothing(
    graph: &CompositionGraph,
    world: WorldId,
    dependency: &str,
) -> anyhow::Result<()> {
    match graph.types()[world]
        .imports
        .keys()
        .find(|import| grants_a_capability(import))
    {
        Some(import) => {
            bail!("the dependency {dependency:?} imports {import:?}, but inherits nothing")
        }
        None => Ok(()),
    }
}

fn check_types(
    graph: &CompositionGraph,
    (provider, export): (WorldId, &str),
    (consumer, import): (WorldId, &str),
) -> anyhow::Result<()> {
    let types = graph.types();
    let offered = types[provider]
        .exports
        .get(export)
        .with_context(|| format!("it exports no {export:?}"))?;
    let wanted = types[consumer]
        .imports
        .get(import)
        .with_context(|| format!("there is no {import:?}"))?;
    let mut cache = HashSet::new();
    SubtypeChecker::new(&mut cache)
        .is_subtype(*offered, types, *wanted, types)
        .with_context(|| format!("its export {export:?} does not fit the import {import:?}"))
}
