//! `lint`: the deployment files, each by the linter or the schema of those who read it.
//!
//! Kubernetes' manifests are validated against the API server's schemas, the compose file and the
//! workflows against theirs, the Containerfile, the scripts and the workflows are linted, nginx and
//! systemd read their own. What only we know of these files is in `tools/xtask/tests/it`.

mod systemd;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use stack::{Nginx, workspace_root};

use crate::packages::{Program, ensure_programs};
use crate::progress::{say, step};
use crate::python;
use crate::toolchain::run as run_command;

/// The linters and what they need, with the hashes of their files.
const REQUIREMENTS: &str = include_str!("lint/requirements.txt");
/// Whose schemas are validated against.
const KUBERNETES: &str = "1.33.0";

/// Lints all of them.
///
/// # Errors
/// If a linter can't be installed or finds something; what it found is above.
pub(crate) fn run() -> Result<()> {
    ensure_programs(&[Program::Nginx])?;
    let root = workspace_root();
    let linters = python::environment(&root.join("target/lint"), REQUIREMENTS, "the linters")?;

    step("Kubernetes' manifests against the schemas of its API");
    validate_manifests(&linters, &manifests(&root.join("deploy/kubernetes"))?)?;

    let compose = root.join("deploy/compose/compose.yaml");
    let workflows = files(&root.join(".github/workflows"), "yaml")?;
    step("The compose file and the workflows against their schemas");
    for (schema, files) in [
        ("vendor.compose-spec", vec![compose]),
        ("vendor.github-workflows", workflows.clone()),
    ] {
        let mut check = Command::new(linters.join("check-jsonschema"));
        check.args(["--builtin-schema", schema]).args(files);
        run_command(check, "check-jsonschema")?;
    }

    step("The Containerfile");
    let mut hadolint = Command::new(linters.join("hadolint"));
    hadolint
        .args(["--failure-threshold", "style", "--config"])
        .arg(root.join("deploy/container/hadolint.yaml"))
        .arg(root.join("deploy/container/Containerfile"));
    run_command(hadolint, "hadolint")?;

    step("The scripts");
    let mut shellcheck = Command::new(linters.join("shellcheck"));
    shellcheck.args(files(&root.join("deploy/compose"), "sh")?);
    run_command(shellcheck, "shellcheck")?;

    step("The workflows");
    let mut zizmor = Command::new(linters.join("zizmor"));
    zizmor
        .args(["--offline", "--persona", "pedantic", "--no-progress"])
        .args(workflows);
    run_command(zizmor, "zizmor")?;

    step("nginx' configuration");
    Nginx::check(&root.join("target/lint"), &[3000, 3001, 3002])?;
    step("systemd's units");
    systemd::check(&root)?;
    say("The deployment files are in order.");
    Ok(())
}

/// Validates `manifests` against the schemas of Kubernetes' API.
///
/// # Errors
/// If one does not fit its schema, or is of a kind that has none.
fn validate_manifests(linters: &Path, manifests: &[PathBuf]) -> Result<()> {
    let mut validate = Command::new(linters.join("kubernetes-validate"));
    validate
        .args(["--strict", "--quiet", "--kubernetes-version", KUBERNETES])
        .args(manifests);
    let output = validate.output().context("can't run kubernetes-validate")?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    // A kind without a schema is a mere warning to it.
    ensure!(
        output.status.success() && !said.contains("WARN"),
        "a manifest is not in order:\n{said}"
    );
    Ok(())
}

/// The files in `folder` whose documents Kubernetes itself knows. Those of SpinKube are validated by a
/// test, what is for kustomize has no schema.
fn manifests(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut known = Vec::new();
    for file in files(folder, "yaml")? {
        let text = fs::read_to_string(&file)?;
        let version = text
            .lines()
            .find_map(|line| line.strip_prefix("apiVersion: "));
        let foreign = version.is_none_or(|version| {
            version.starts_with("core.spinkube.dev/") || version.starts_with("kustomize.")
        });
        if !foreign {
            known.push(file);
        }
    }
    ensure!(known.len() > 5, "there are manifests missing");
    Ok(known)
}

/// The files in `folder` with this extension.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder);
    let entries = entries.with_context(|| format!("can't read {}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    files.sort();
    ensure!(!files.is_empty(), "{} has no files", folder.display());
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_manifest_is_validated_that_kubernetes_knows() {
        let files = manifests(&workspace_root().join("deploy/kubernetes")).unwrap();
        let names: Vec<_> = files
            .iter()
            .map(|file| file.file_name().unwrap().to_str().unwrap())
            .collect();
        for name in ["autoscaler.yaml", "migration.yaml", "sweep.yaml"] {
            assert!(names.contains(&name), "{names:?}");
        }
        for name in ["application.yaml", "kustomization.yaml", "references.yaml"] {
            assert!(!names.contains(&name), "{names:?}");
        }
    }

    #[test]
    fn every_linter_is_pinned_with_its_hash() {
        let pinned = REQUIREMENTS.lines().filter(|line| line.contains("=="));
        let pinned: Vec<&str> = pinned.collect();
        assert!(pinned.len() > 4);
        for line in pinned {
            assert!(line.ends_with('\\'), "{line} has no hash");
        }
    }
}
