//! That the built component reaches nothing: no network, database, file or service of the host.

use std::path::Path;
use std::{env, fs};

use wasmparser::{BinaryReaderError, Parser, Payload};

/// What Rust's standard library brings along on wasm32-wasip2 for panics: the process's own streams,
/// environment and exit. Nothing else may be imported.
const ALLOWED: [&str; 2] = ["wasi:cli/", "wasi:io/"];

/// Where `cargo build` puts it.
fn component() -> Vec<u8> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = env::var_os("CARGO_TARGET_DIR").map_or(workspace.join("target"), Into::into);
    let path = target.join("wasm32-wasip2/release/credentials.wasm");
    fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}. Build it first: \
             cargo build --release --target wasm32-wasip2 -p credentials",
            path.display()
        )
    })
}

/// The names of what the outermost component imports and exports.
fn interfaces(component: &[u8]) -> Result<[Vec<String>; 2], BinaryReaderError> {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    imports.push(import?.name.0.to_owned());
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    exports.push(export?.name.0.to_owned());
                }
            }
            _ => {}
        }
    }
    Ok([imports, exports])
}

#[test]
fn the_component_imports_no_network_database_or_files() {
    let [imports, _] = interfaces(&component()).unwrap();
    let is_refused = |import: &&String| !ALLOWED.iter().any(|allowed| import.starts_with(allowed));
    let refused: Vec<_> = imports.iter().filter(is_refused).collect();
    assert!(
        refused.is_empty(),
        "{refused:?} are among the imports: {imports:#?}"
    );
}

/// So that the other test has looked at the right file, and at all of it.
#[test]
fn the_component_exports_passwords_tokens_and_webhooks() {
    let [_, exports] = interfaces(&component()).unwrap();
    assert_eq!(
        exports,
        [
            "user-service:credentials/passwords@1.0.0",
            "user-service:credentials/tokens@1.0.0",
            "user-service:credentials/webhooks@1.0.0"
        ]
    );
}
