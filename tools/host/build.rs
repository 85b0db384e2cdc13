//! Writes the `bindgen!` call for Spin's interfaces, with the definitions that spin-sdk brings.
//!
//! The components are built with the spin-sdk that Cargo.lock names, so its `wit/deps` are what
//! they import. Nothing is copied into this repository.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, error::Error, fs};

/// The packages of Spin that the host offers.
const PACKAGES: [&str; 4] = ["spin-mqtt", "spin-postgres", "spin-redis", "spin-variables"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../Cargo.lock");

    let definitions = spin_sdk_directory()?.join("wit/deps");
    let directories = PACKAGES
        .iter()
        .map(|package| versioned_directory(&definitions, package))
        .collect::<Result<Vec<_>, _>>()?;
    let output = PathBuf::from(env::var("OUT_DIR")?).join("bindings.rs");
    fs::write(output, bindgen_call(&directories)?)?;
    Ok(())
}

/// Where cargo keeps the spin-sdk that the components of this workspace are locked to.
fn spin_sdk_directory() -> Result<PathBuf, Box<dyn Error>> {
    let output = Command::new(env::var("CARGO")?)
        .args(["metadata", "--format-version", "1", "--locked"])
        // The components' target: only what they need is looked at.
        .args(["--filter-platform", "wasm32-wasip2"])
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let manifest = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|package| package["name"] == "spin-sdk")
        .and_then(|package| package["manifest_path"].as_str())
        .ok_or("no member of the workspace depends on spin-sdk")?;
    Ok(Path::new(manifest)
        .parent()
        .ok_or("the manifest has no directory")?
        .to_path_buf())
}

/// Finds `<package>@<version>` among the definitions.
fn versioned_directory(definitions: &Path, package: &str) -> Result<PathBuf, Box<dyn Error>> {
    let prefix = format!("{package}@");
    for entry in fs::read_dir(definitions)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            return Ok(entry.path());
        }
    }
    Err(format!("{} holds no {package}", definitions.display()).into())
}

/// The macro call that generates the host's side of Spin's interfaces.
fn bindgen_call(directories: &[PathBuf]) -> Result<String, Box<dyn Error>> {
    let mut paths = Vec::new();
    let mut imports = Vec::new();
    for directory in directories {
        let path = directory
            .to_str()
            .ok_or("the path of spin-sdk is not UTF-8")?;
        // "spin-redis@3.0.0" is the directory of "spin:redis/redis@3.0.0".
        let (package, version) = directory
            .file_name()
            .and_then(|name| name.to_str()?.strip_prefix("spin-")?.split_once('@'))
            .ok_or("the directory of a package is named <package>@<version>")?;
        paths.push(format!("{path:?}"));
        imports.push(format!("import spin:{package}/{package}@{version};"));
    }
    let paths = paths.join(", ");
    let imports = imports.join(" ");
    Ok(format!(
        r#"wasmtime::component::bindgen!({{
    path: [{paths}],
    inline: "package host:bindings; world spin {{ {imports} }}",
    world: "host:bindings/spin",
    imports: {{
        "spin:postgres/postgres.[constructor]connection-builder": async | trappable,
        default: async,
    }},
    with: {{
        "spin:mqtt/mqtt.connection": crate::outbound_mqtt::Connection,
        "spin:postgres/postgres.connection": crate::outbound_pg::Connection,
        "spin:postgres/postgres.connection-builder": crate::outbound_pg::ConnectionBuilder,
        "spin:redis/redis.connection": crate::outbound_redis::Connection,
    }},
    require_store_data_send: true,
}});
"#
    ))
}
