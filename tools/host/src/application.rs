//! From the manifest to components that are ready to serve.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use tokio::sync::Semaphore;
use wasmtime::Engine;
use wasmtime::component::{Component, Linker};

use crate::allowed_hosts::AllowedHosts;
use crate::arguments::UpArguments;
use crate::blocked_networks::BlockedNetworks;
use crate::connection_limit::ConnectionLimits;
use crate::engine::{self, MAXIMUM_INSTANCES};
use crate::http_trigger::{Handler, Routes, Service};
use crate::manifest::{self, Manifest};
use crate::outbound_pg::Pools;
use crate::runtime_config::RuntimeConfig;
use crate::settings;
use crate::state::{self, ComponentContext, InstanceState};
use crate::variables::{self, ComponentVariables, Provider};

/// Loads the application that the command line names. Everything that can be wrong with it is
/// found here, before the first request.
pub(crate) fn load(arguments: &UpArguments) -> anyhow::Result<Service> {
    let path = manifest_path(&arguments.manifest);
    let manifest = Manifest::read(&path)?;
    let mut config = RuntimeConfig::read(arguments.runtime_config.as_deref())?;
    let variables = resolve_variables(arguments, &manifest, &mut config)?;
    settings::check(&variables)?;

    let cache = arguments
        .cache_directory
        .clone()
        .unwrap_or_else(|| path.parent().unwrap_or(Path::new("")).join(".local/cache"));
    let engine = engine::new(&std::path::absolute(cache)?)?;
    let mut linker = Linker::new(&engine);
    state::link(&mut linker)?;
    let loader = Loader {
        engine,
        linker,
        variables,
        blocked_networks: BlockedNetworks::new(config.networking.block_networks.clone()),
        limits: Arc::new(ConnectionLimits::new(&config)),
        maximum_mqtt_payload: config.mqtt.max_payload_size_bytes,
        instances: Arc::new(Semaphore::new(MAXIMUM_INSTANCES as usize)),
    };

    let mut handlers = HashMap::new();
    for (id, component) in &manifest.component {
        handlers.insert(id.as_str(), Arc::new(loader.load(id, component)?));
    }
    let routes = manifest.http_triggers().iter().map(|trigger| {
        let handler = handlers.get(trigger.component.as_str()).map(Arc::clone);
        Some((trigger.route.clone(), handler?))
    });
    let routes = routes
        .collect::<Option<Vec<_>>>()
        .context("a route names no component")?;
    Ok(Service::new(Routes::new(routes)?))
}

fn manifest_path(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join("spin.toml")
    } else {
        path.to_owned()
    }
}

fn resolve_variables(
    arguments: &UpArguments,
    manifest: &Manifest,
    config: &mut RuntimeConfig,
) -> anyhow::Result<HashMap<String, String>> {
    let mut providers = vec![variables::command_line_provider(&arguments.variables)?];
    for provider in config.variable_providers.drain(..) {
        providers.push(Provider::new(provider)?);
    }
    providers.push(Provider::environment()?);
    variables::resolve(&manifest.variables, &providers)
}

/// What loading any component needs.
struct Loader {
    engine: Engine,
    linker: Linker<InstanceState>,
    variables: HashMap<String, String>,
    blocked_networks: BlockedNetworks,
    limits: Arc<ConnectionLimits>,
    maximum_mqtt_payload: Option<usize>,
    instances: Arc<Semaphore>,
}

impl Loader {
    fn load(&self, id: &str, declared: &manifest::Component) -> anyhow::Result<Handler> {
        let context = ComponentContext {
            id: id.to_owned(),
            environment: declared.environment.clone(),
            variables: ComponentVariables::new(id, &declared.variables, &self.variables)?,
            allowed_hosts: AllowedHosts::new(
                id,
                &declared.allowed_outbound_hosts,
                &self.variables,
            )?,
            blocked_networks: self.blocked_networks.clone(),
            limits: Arc::clone(&self.limits),
            maximum_mqtt_payload: self.maximum_mqtt_payload,
            pools: Pools::default(),
        };
        let component = self.compile(id, declared)?;
        Handler::new(
            Arc::new(context),
            &self.linker,
            &component,
            Arc::clone(&self.instances),
        )
    }

    fn compile(&self, id: &str, declared: &manifest::Component) -> anyhow::Result<Component> {
        let dependencies = declared
            .dependencies
            .values()
            .map(|dependency| &dependency.path);
        for path in dependencies.chain([&declared.source]) {
            if !path.is_file() {
                let path = path.display();
                match declared.build_command() {
                    Some(command) => bail!("{path} does not exist: build it with `{command}`"),
                    None => bail!("{path} does not exist"),
                }
            }
        }
        eprintln!("Preparing {} ...", declared.source.display());
        let bytes = composition::read(&declared.source)?;
        let bytes = composition::compose(id, bytes, &declared.dependencies)?;
        Component::new(&self.engine, bytes)
            .map_err(anyhow::Error::from)
            .with_context(|| format!("compiling component {id:?}"))
    }
}
