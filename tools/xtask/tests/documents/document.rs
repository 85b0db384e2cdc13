//! A Markdown document: its blocks of code, its headings and its links.

use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use stack::workspace_root;

use crate::tracked;

/// A document, read.
#[derive(Debug)]
pub(crate) struct Document {
    /// From the root of the workspace.
    pub(crate) path: PathBuf,
    /// The fenced blocks of code, in their order.
    pub(crate) blocks: Vec<Block>,
    /// The texts of the headings, in their order.
    pub(crate) headings: Vec<String>,
    /// Where its links lead, as they are written, each with its line.
    pub(crate) links: Vec<(usize, String)>,
}

/// A fenced block of code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// The line of its fence.
    pub(crate) line: usize,
    /// What stands behind the fence: `sh no-run="why"`.
    pub(crate) info: String,
    pub(crate) text: String,
}

impl Block {
    /// The first word behind the fence; a page shows nothing of what comes after it.
    pub(crate) fn language(&self) -> &str {
        self.info.split(' ').next().unwrap_or_default()
    }

    /// What comes after the first word.
    pub(crate) fn remark(&self) -> &str {
        self.info[self.language().len()..].trim()
    }
}

impl Document {
    /// All documents that git knows.
    pub(crate) fn all() -> Vec<Self> {
        let files = tracked().into_iter();
        let documents: Vec<_> = files
            .filter(|file| file.extension().is_some_and(|extension| extension == "md"))
            .filter(|file| workspace_root().join(file).is_file())
            .map(|file| Self::read(&file))
            .collect();
        assert!(documents.len() > 10, "git knows few documents");
        documents
    }

    /// The document at `path`, from the root of the workspace.
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(workspace_root().join(path)).unwrap();
        Self::parse(path, &text)
    }

    fn parse(path: &Path, text: &str) -> Self {
        let mut document = Self {
            path: path.to_owned(),
            blocks: Vec::new(),
            headings: Vec::new(),
            links: Vec::new(),
        };
        let mut is_in_block = false;
        let mut heading: Option<String> = None;
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            let line = text[..range.start].matches('\n').count() + 1;
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    is_in_block = true;
                    document.blocks.push(Block {
                        line,
                        info: info.to_string(),
                        text: String::new(),
                    });
                }
                Event::End(TagEnd::CodeBlock) => is_in_block = false,
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => document.headings.extend(heading.take()),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    document.links.push((line, dest_url.to_string()));
                }
                Event::Text(part) | Event::Code(part) => {
                    if let (true, Some(block)) = (is_in_block, document.blocks.last_mut()) {
                        block.text.push_str(&part);
                    } else if let Some(heading) = &mut heading {
                        heading.push_str(&part);
                    }
                }
                _ => {}
            }
        }
        document
    }

    /// What can stand behind `#` in a link to a heading of this document, as GitHub makes it.
    pub(crate) fn anchors(&self) -> Vec<String> {
        let mut anchors: Vec<String> = Vec::new();
        for heading in &self.headings {
            let anchor = anchor(heading);
            let repeated = |number: usize| match number {
                0 => anchor.clone(),
                number => format!("{anchor}-{number}"),
            };
            let free = (0..1_000)
                .map(repeated)
                .find(|name| !anchors.contains(name));
            anchors.extend(free);
        }
        anchors
    }
}

/// A heading in lower case, without what is neither letter, digit, hyphen nor underscore, with hyphens
/// for spaces.
fn anchor(heading: &str) -> String {
    let letters = heading.to_lowercase();
    let kept = letters
        .chars()
        .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

#[test]
fn blocks_headings_and_links_are_read() {
    let text = "# A `b`: c\n\nSee [there](x.md#y) and https://no.example.\n\n## d\n\n## d\n\n\
                ```sh no-run=\"why\"\ncurl a\n\n# not a heading\n```\n\n```json\n{}\n```\n";
    let document = Document::parse(Path::new("a.md"), text);
    assert_eq!(document.anchors(), ["a-b-c", "d", "d-1"]);
    assert_eq!(document.links, [(3, "x.md#y".to_owned())]);
    let [shell, json] = document.blocks.as_slice() else {
        panic!("{:?}", document.blocks);
    };
    assert_eq!(
        (shell.line, shell.language(), shell.remark()),
        (9, "sh", "no-run=\"why\"")
    );
    assert_eq!(shell.text, "curl a\n\n# not a heading\n");
    assert_eq!(
        (json.line, json.language(), json.remark()),
        (15, "json", "")
    );
}
