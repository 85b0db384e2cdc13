//! What is committed works on every machine.

use std::fs;

use stack::workspace_root;

use crate::tracked;

#[test]
fn no_file_names_a_folder_of_somebodys_machine() {
    let here = workspace_root();
    let here = here.to_str().unwrap();
    for file in tracked("*") {
        let Ok(text) = fs::read_to_string(workspace_root().join(&file)) else {
            continue;
        };
        for line in text.lines() {
            let words = line.split(|c: char| !(c.is_alphanumeric() || "/._-".contains(c)));
            for word in words {
                let personal = ["/home/", "/root/", "/Users/", &format!("{here}/")]
                    .iter()
                    .any(|folder| word.starts_with(folder) && word.len() > folder.len());
                assert!(!personal && word != here, "{}: {line}", file.display());
            }
        }
    }
}
