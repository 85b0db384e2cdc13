//! Runs the commands of a document in one shell, so that what one block sets the next one finds.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};
use stack::workspace_root;

use crate::tracked;

/// What comes before the first block. What cargo would run is built already, with these tests. A block
/// that fails ends the shell.
const BEGINNING: &str = r#"
set -euo pipefail
cargo() {
    if [ "$1" = xtask ]; then
        "$PROGRAMS/xtask" "${@:2}"
    elif [ "$1 ${2-} ${3-} ${5-}" = "run --quiet --package --" ]; then
        "$PROGRAMS/$4" "${@:6}"
    else
        echo "cargo $* is not run here" >&2
        return 1
    fi
}
"#;

/// An answer of the service that is a refusal is a failure of curl.
const CURL: &str = "silent\nshow-error\nfail-with-body\n";

/// A block that is run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Script<'d> {
    /// Its line in the document: what its outputs are found by.
    pub(crate) line: usize,
    pub(crate) text: &'d str,
    /// Whether it must fail, and not succeed.
    pub(crate) must_fail: bool,
}

/// Runs `scripts` with these environment variables, in a folder that is like the repository, and answers
/// what each has written to its standard output.
///
/// # Errors
/// If one ends as it must not: what it is and what it has written.
pub(crate) fn run(
    folder: &Path,
    variables: &[(&str, &str)],
    scripts: &[Script<'_>],
) -> Result<Vec<String>, String> {
    let outputs = folder.join("outputs");
    fs::create_dir_all(&outputs).unwrap();
    fs::write(outputs.join(".curlrc"), CURL).unwrap();
    let bash = Command::new("bash")
        .args(["-c", &program(scripts)])
        .current_dir(checkout(folder))
        .envs(variables.iter().copied())
        .env("OUTPUTS", &outputs)
        .env("CURL_HOME", &outputs)
        .env(
            "PROGRAMS",
            Path::new(env!("CARGO_BIN_EXE_xtask")).parent().unwrap(),
        )
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let mut shell = Shell(bash);
    let status = shell.0.wait().unwrap();
    let read = |name: &str| fs::read_to_string(outputs.join(name)).unwrap_or_default();
    if !status.success() {
        let line = read("line");
        let line = line.trim();
        return Err(format!(
            "the block of line {line}: {status}\n{}{}",
            read(&format!("{line}.out")),
            read(&format!("{line}.err")),
        ));
    }
    let output = |script: &Script<'_>| read(&format!("{}.out", script.line));
    Ok(scripts.iter().map(output).collect())
}

/// A shell with all that it has started and left running. Dropping it ends them.
struct Shell(Child);

impl Drop for Shell {
    fn drop(&mut self) {
        // An error means that nothing of it is left.
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::TERM);
    }
}

fn program(scripts: &[Script<'_>]) -> String {
    let mut program = BEGINNING.to_owned();
    for Script {
        line,
        text,
        must_fail,
    } in scripts
    {
        let to = format!(r#"> "$OUTPUTS/{line}.out" 2> "$OUTPUTS/{line}.err""#);
        writeln!(program, "echo {line} > \"$OUTPUTS/line\"").unwrap();
        if *must_fail {
            // Where its status is looked at, `set -e` would not count in it.
            writeln!(
                program,
                "set +e\n(set -e\n{text}\n) {to}\n\
                 [ $? != 0 ] || {{ echo 'It succeeds.' > \"$OUTPUTS/{line}.err\"; exit 1; }}\nset -e"
            )
            .unwrap();
        } else {
            writeln!(program, "{{\n{text}\n}} {to}").unwrap();
        }
    }
    program
}

/// A folder in `folder` that has what this repository has, and takes what is written without a change
/// to it.
fn checkout(folder: &Path) -> PathBuf {
    let checkout = folder.join("checkout");
    for file in tracked() {
        let copy = checkout.join(&file);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(workspace_root().join(&file), copy).unwrap();
    }
    checkout
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of blocks of these lines.
    fn outcome(name: &str, texts: &[&str], must_fail: bool) -> Result<Vec<String>, String> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // There is none, unless a run was broken off.
        let _ = fs::remove_dir_all(&folder);
        let last = texts.len() - 1;
        let texts = texts.iter().enumerate();
        let scripts: Vec<_> = texts
            .map(|(place, text)| Script {
                line: place + 1,
                text,
                must_fail: must_fail && place == last,
            })
            .collect();
        let outcome = run(&folder, &[("NAME", "Ada")], &scripts);
        fs::remove_dir_all(&folder).unwrap();
        outcome
    }

    #[test]
    fn a_block_finds_what_the_one_before_it_has_set() {
        let outputs = outcome(
            "sets",
            &["TO=$NAME\necho one > file", "echo $TO; cat file"],
            false,
        );
        assert_eq!(outputs.unwrap(), ["", "Ada\none\n"]);
        let outputs = outcome(
            "reads",
            &["grep name Cargo.toml | head -n 1", "cargo xtask --help"],
            false,
        );
        let outputs = outputs.unwrap();
        assert!(outputs[1].contains("Usage: cargo xtask"), "{outputs:?}");
    }

    #[test]
    fn whatever_fails_in_a_block_fails_it() {
        for (name, text) in [
            ("first", "false\ntrue"),
            ("piped", "false | cat"),
            ("unset", "echo \"$NOBODY\""),
            ("other", "cargo build --release"),
            ("refused", "curl http://127.0.0.1:1/"),
        ] {
            let error = outcome(name, &["echo begun", text], false).unwrap_err();
            assert!(
                error.starts_with("the block of line 2: exit status: "),
                "{error}"
            );
        }
    }

    #[test]
    fn a_block_that_must_fail_must_not_succeed() {
        let outputs = outcome("fails", &["echo no; false; echo yes"], true);
        assert_eq!(outputs.unwrap(), ["no\n"]);
        let error = outcome("succeeds", &["true"], true).unwrap_err();
        assert!(error.contains("It succeeds."), "{error}");
    }
}
