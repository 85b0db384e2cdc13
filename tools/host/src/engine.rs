//! The WebAssembly engine: how code is compiled and kept, and how many instances there may be.

use std::path::Path;

use anyhow::Context;
use wasmtime::{
    Cache, CacheConfig, Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig,
};

/// How many instances of components may live at once.
pub(crate) const MAXIMUM_INSTANCES: u32 = 400;

/// What the pool holds beyond that: an instance counts no more a little before its place is free.
const SPARE_INSTANCES: u32 = 50;

/// How many core instances a component consists of at most: its own, its dependencies' and those
/// of the adapters between them.
const PARTS_OF_A_COMPONENT: u32 = 20;

/// Makes the engine. Compiled code is kept in `cache`, an absolute directory.
///
/// Instances come from a pool, as in Spin, which makes a new one cheap. The pool reserves
/// terabytes of addresses; where the system refuses them, instances are allocated one by one.
pub(crate) fn new(cache: &Path) -> anyhow::Result<Engine> {
    let mut cache_config = CacheConfig::new();
    cache_config.with_directory(cache);
    let cache = Cache::new(cache_config)
        .map_err(anyhow::Error::from)
        .with_context(|| format!("can't keep compiled code in {}", cache.display()))?;

    let mut config = Config::new();
    config.wasm_component_model_async(true).cache(Some(cache));
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    Engine::new(&config).or_else(|error| {
        eprintln!("Instances are not pooled: {error:#}");
        config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
        Ok(Engine::new(&config)?)
    })
}

fn pool() -> PoolingAllocationConfig {
    const INSTANCES: u32 = MAXIMUM_INSTANCES + SPARE_INSTANCES;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(INSTANCES)
        .total_core_instances(INSTANCES * PARTS_OF_A_COMPONENT)
        // A component and its dependency have a memory each.
        .total_memories(INSTANCES * 2)
        .total_tables(INSTANCES * 8)
        .total_stacks(INSTANCES * 4)
        .max_memory_size(4 << 30)
        .table_elements(100_000)
        .max_component_instance_size(10 << 20)
        .max_core_instance_size(10 << 20)
        .linear_memory_keep_resident(2 << 20)
        .table_keep_resident(512 << 10);
    pool
}
