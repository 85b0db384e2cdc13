//! Makes what `src/description` serves: compresses `openapi.json` and the assets of the page, names each
//! asset by its content, so that a browser may keep it for ever, and puts these names into the page.

use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// What the page is made of.
const ASSETS: [&str; 3] = [
    "swagger-ui/swagger-ui.css",
    "swagger-ui/swagger-ui-bundle.js",
    "src/description/page.js",
];

const SCHEMA: &str = "../../openapi.json";

/// As the `OpenAPI` Initiative has registered it.
const SCHEMA_TYPE: &str = "application/vnd.oai.openapi+json;version=3.1";

const PAGE: &str = "src/description/page.html";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let output = PathBuf::from(env::var("OUT_DIR")?);
    let mut page = read(Path::new(PAGE))?;
    let mut list = String::new();
    for path in ASSETS {
        let asset = read(Path::new(path))?;
        let (_, file) = path.rsplit_once('/').unwrap_or_default();
        let (name, extension) = file.rsplit_once('.').unwrap_or_default();
        let content_type = match extension {
            "css" => "text/css; charset=utf-8",
            _ => "text/javascript; charset=utf-8",
        };
        let public_name = format!("{name}.{}.{extension}", tag(&asset));
        let placeholder = format!("{{{file}}}");
        if !page.contains(&placeholder) {
            return Err(format!("{PAGE} does not use {file}").into());
        }
        page = page.replace(&placeholder, &format!("/api/docs/{public_name}"));
        let literal = static_file(&output, file, &asset, content_type)?;
        writeln!(list, "    ({public_name:?}, {literal}),")?;
    }
    let page = static_file(&output, "page.html", &page, "text/html; charset=utf-8")?;
    let schema = read(Path::new(SCHEMA))?;
    let schema = static_file(&output, "openapi.json", &schema, SCHEMA_TYPE)?;
    let generated = format!(
        "pub(crate) const SCHEMA: StaticFile = {schema};\n\
         pub(crate) const PAGE: StaticFile = {page};\n\
         pub(crate) const ASSETS: &[(&str, StaticFile)] = &[\n{list}];\n"
    );
    fs::write(output.join("static_files.rs"), generated)?;
    Ok(())
}

fn read(path: &Path) -> Result<String, Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

/// What names this content: half of its SHA-256 in hex.
fn tag(content: &str) -> String {
    let digest = Sha256::digest(content);
    digest[..16].iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Writes `content` in gzip, and answers the `StaticFile` of it.
fn static_file(
    output: &Path,
    name: &str,
    content: &str,
    content_type: &str,
) -> Result<String, Box<dyn Error>> {
    let name = format!("{name}.gz");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(content.as_bytes())?;
    fs::write(output.join(&name), gzip.finish()?)?;
    Ok(format!(
        "StaticFile {{ content_type: {content_type:?}, entity_tag: {:?}, \
         gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), {:?})) }}",
        format!("W/\"{}\"", tag(content)),
        format!("/{name}"),
    ))
}
