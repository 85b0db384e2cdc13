//! Names of imports: which a dependency satisfies, and which reach outside.

/// Whether the dependency called `dependency` in the manifest satisfies `import`.
///
/// A dependency is named by package (`a:b@1.0.0`, for all of the package's interfaces), by
/// interface (`a:b/c@1.0.0`), both with or without version, or plainly (`a-b`).
pub(crate) fn matches_import(dependency: &str, import: &str) -> bool {
    if !dependency.contains(':') || !import.contains(':') {
        return dependency == import;
    }
    let (wanted, wanted_version) = split_version(dependency);
    let (name, version) = split_version(import);
    let same_name = name == wanted
        || name
            .strip_prefix(wanted)
            .is_some_and(|rest| rest.starts_with('/'));
    same_name && wanted_version.is_none_or(|wanted| version == Some(wanted))
}

fn split_version(name: &str) -> (&str, Option<&str>) {
    name.split_once('@')
        .map_or((name, None), |(name, version)| (name, Some(version)))
}

/// Whether an import is one that Spin denies to a dependency that inherits no configuration.
pub(crate) fn grants_a_capability(import: &str) -> bool {
    [
        "spin:",
        "fermyon:",
        "wasi:http/",
        "wasi:sockets/",
        "wasi:filesystem/",
        "wasi:keyvalue/",
        "wasi:config/",
    ]
    .iter()
    .any(|prefix| import.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_matches_by_package_interface_or_plain_name() {
        for (dependency, import) in [
            ("a:b", "a:b/c@1.0.0"),
            ("a:b", "a:b/c"),
            ("a:b@1.0.0", "a:b/c@1.0.0"),
            ("a:b/c", "a:b/c@1.0.0"),
            ("a:b/c@1.0.0", "a:b/c@1.0.0"),
            ("a-b", "a-b"),
        ] {
            assert!(matches_import(dependency, import), "{dependency} {import}");
        }
        for (dependency, import) in [
            ("a:b", "a:bc/d"),
            ("a:b", "a:x/b"),
            ("a:b@1.0.0", "a:b/c@1.0.1"),
            ("a:b@1.0.0", "a:b/c"),
            ("a:b/c", "a:b/cd"),
            ("a:b/c@1.0.0", "a:b/d@1.0.0"),
            ("a", "a:b/c"),
            ("a:b", "a"),
        ] {
            assert!(!matches_import(dependency, import), "{dependency} {import}");
        }
    }

    #[test]
    fn capabilities_are_told_from_what_std_needs() {
        for import in [
            "spin:postgres/postgres@4.2.0",
            "wasi:http/client@0.3.0",
            "wasi:sockets/tcp@0.2.6",
        ] {
            assert!(grants_a_capability(import), "{import}");
        }
        for import in [
            "wasi:io/streams@0.2.6",
            "wasi:cli/stdout@0.2.6",
            "wasi:random/random@0.2.6",
        ] {
            assert!(!grants_a_capability(import), "{import}");
        }
    }
}
