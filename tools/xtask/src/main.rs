//! `cargo xtask`: the tasks of this repository.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main()
}
