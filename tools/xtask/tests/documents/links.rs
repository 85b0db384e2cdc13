//! Every link to a file of this repository, and to a place in one, leads there.

use std::path::{Component, Path, PathBuf};

use crate::document::Document;
use crate::tracked;

#[test]
fn every_link_leads_to_a_file_and_a_heading_that_are_there() {
    let files = tracked();
    let documents = Document::all();
    let mut seen = 0;
    let mut broken = Vec::new();
    for document in &documents {
        for (line, link) in &document.links {
            let Some((path, anchor)) = target(&document.path, link) else {
                continue;
            };
            seen += 1;
            let is_folder = || files.iter().any(|file| file.starts_with(&path));
            let is_there = files.contains(&path) || is_folder();
            let leads_to = |anchor: &str| {
                let target = documents.iter().find(|document| document.path == path);
                target.is_some_and(|target| target.anchors().iter().any(|name| name == anchor))
            };
            if !is_there || !anchor.is_none_or(leads_to) {
                broken.push(format!("{}:{line}: {link}", document.path.display()));
            }
        }
    }
    assert!(seen > 50, "{seen} links are few");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The file that `link`, in the document at `from`, leads to, and the heading in it; nothing if it
/// leads out of the repository.
fn target<'a>(from: &Path, link: &'a str) -> Option<(PathBuf, Option<&'a str>)> {
    if ["https:", "http:", "mailto:"]
        .iter()
        .any(|scheme| link.starts_with(scheme))
    {
        return None;
    }
    let (path, anchor) = match link.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (link, None),
    };
    if path.is_empty() {
        return Some((from.to_owned(), anchor));
    }
    let mut target = from.parent().map(Path::to_owned).unwrap_or_default();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => {
                target.pop();
            }
            Component::Normal(name) => target.push(name),
            _ => {}
        }
    }
    Some((target, anchor))
}

#[test]
fn targets_are_relative_to_the_document() {
    let target = |link| target(Path::new("docs/a.md"), link);
    let found = |path: &str, anchor| Some((PathBuf::from(path), anchor));
    assert_eq!(target("b.md"), found("docs/b.md", None));
    assert_eq!(target("../deploy/#x"), found("deploy", Some("x")));
    assert_eq!(target("#y"), found("docs/a.md", Some("y")));
    assert_eq!(target("https://spinframework.dev"), None);
}
