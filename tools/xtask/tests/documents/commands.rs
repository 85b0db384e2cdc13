//! Every command of a document that can be run here is run, in order, and answers what the document
//! shows. CONTRIBUTING.md says how a document is written for that.

use std::path::Path;

use serde_json::Value;
use stack::{HostKind, Source, Stack};

use crate::answer::differences;
use crate::document::{Block, Document};
use crate::shell::{self, Script};

/// The address that documents give the service: where `cargo xtask up` serves.
const DOCUMENTED: &str = "127.0.0.1:3000";
/// What may stand for `sh`, and would not be run.
const OTHER_SHELLS: [&str; 5] = ["bash", "console", "shell", "shell-session", "zsh"];

/// What becomes of a block.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// It is run, and must succeed.
    Succeeds,
    /// It is run, and must fail.
    Fails,
    /// It is not run, and says why.
    NotRun,
}

impl Fate {
    /// # Errors
    /// If the remark behind `sh` says none of these.
    fn of(block: &Block) -> Result<Self, String> {
        let reason = block.remark().strip_prefix("no-run=\"");
        let reason = reason.and_then(|rest| rest.strip_suffix('"'));
        match (block.remark(), reason) {
            ("", _) => Ok(Self::Succeeds),
            ("fails", _) => Ok(Self::Fails),
            (_, Some(reason)) if reason.trim().len() > 5 => Ok(Self::NotRun),
            (remark, _) => Err(format!(
                "{remark} behind sh is neither fails nor no-run=\"why\""
            )),
        }
    }
}

#[test]
fn what_documents_say_to_run_works_and_answers_what_they_show() {
    stack::stop_all_on_signals().unwrap();
    let mut failures = Vec::new();
    let mut run = 0;
    for document in Document::all() {
        match check(&document) {
            Ok(count) => run += count,
            Err(failure) => failures.push(format!("{}: {failure}", document.path.display())),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(run > 0);
}

/// Runs the commands of `document` on a service of its own, and answers how many blocks it has run.
fn check(document: &Document) -> Result<usize, String> {
    let mut scripts = Vec::new();
    let mut shown = Vec::new();
    for (place, block) in document.blocks.iter().enumerate() {
        let at = |text: String| format!("line {}: {text}", block.line);
        if OTHER_SHELLS.contains(&block.language()) {
            return Err(at(format!("{} is written sh", block.language())));
        }
        if block.language() != "sh" {
            continue;
        }
        let fate = Fate::of(block).map_err(at)?;
        if fate == Fate::NotRun {
            continue;
        }
        scripts.push(Script {
            line: block.line,
            text: &block.text,
            must_fail: fate == Fate::Fails,
        });
        let next = document.blocks.get(place + 1);
        shown.push(next.filter(|next| next.language() == "json"));
    }
    if scripts.is_empty() {
        return Ok(0);
    }
    let service = start(document);
    let address = format!("127.0.0.1:{}", service.port());
    let texts = scripts
        .iter()
        .map(|script| script.text.replace(DOCUMENTED, &address));
    let texts: Vec<String> = texts.collect();
    for (script, text) in scripts.iter_mut().zip(&texts) {
        script.text = text;
    }
    let variables = [
        ("DATABASE_URL", service.database_url()),
        ("REDIS_URL", service.redis_url()),
        ("AMQP_URL", service.amqp_url()),
        (
            "INTERNAL_SECRET",
            service.variable("internal_secret").unwrap(),
        ),
    ];
    let outputs = shell::run(service.folder(), &variables, &scripts)?;
    let answers = outputs.iter().zip(shown);
    let wrong: Vec<_> = answers
        .filter_map(|(output, block)| compare(block?, output).err())
        .collect();
    if !wrong.is_empty() {
        return Err(wrong.join("\n"));
    }
    Ok(scripts.len())
}

/// A service as `cargo xtask up` serves it, with the broker only where events are looked at: it takes
/// ten seconds.
fn start(document: &Document) -> Stack {
    let mut stack = Stack::builder().host(HostKind::from_environment().unwrap());
    let mut texts = document.blocks.iter().map(|block| &block.text);
    if texts.any(|text| text.contains("cargo xtask events")) {
        stack = stack.rabbitmq(Source::Private);
    }
    stack.start().unwrap()
}

/// Compares the answer in `block` with the last JSON document of `output`.
fn compare(block: &Block, output: &str) -> Result<(), String> {
    let documents = serde_json::Deserializer::from_str(output).into_iter::<Value>();
    let Some(Ok(came)) = documents.last() else {
        return Err(format!("line {}: no JSON came, but {output:?}", block.line));
    };
    let differences = match serde_json::from_str(&block.text) {
        Ok(shown) => differences(&shown, &came),
        Err(error) => vec![format!("what is shown is no JSON: {error}")],
    };
    if differences.is_empty() {
        return Ok(());
    }
    let differences = differences.join("\n");
    Err(format!("line {}: {differences}\n{came:#}", block.line))
}

#[test]
fn a_block_that_is_not_run_says_why() {
    let fate = |info: &str| {
        Fate::of(&Block {
            line: 1,
            info: info.to_owned(),
            text: String::new(),
        })
    };
    assert_eq!(fate("sh"), Ok(Fate::Succeeds));
    assert_eq!(fate("sh fails"), Ok(Fate::Fails));
    assert_eq!(fate("sh no-run=\"needs a cluster\""), Ok(Fate::NotRun));
    for info in ["sh no-run", "sh no-run=\"\"", "sh no-run=\" \"", "sh skip"] {
        fate(info).unwrap_err();
    }
}

#[test]
fn a_document_that_promises_too_much_fails() {
    let mut document = Document {
        path: Path::new("a.md").to_owned(),
        blocks: Vec::new(),
        headings: Vec::new(),
        links: Vec::new(),
    };
    let mut block = |info: &str, text: &str| {
        let line = document.blocks.len() + 1;
        document.blocks = vec![Block {
            line,
            info: info.to_owned(),
            text: text.to_owned(),
        }];
        check(&document).unwrap_err()
    };
    assert_eq!(block("bash", "true"), "line 1: bash is written sh");
    assert!(block("sh later", "true").starts_with("line 2: later behind sh"));
}
