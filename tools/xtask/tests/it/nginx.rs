//! What is shipped for nginx is what nginx understands.

use std::fs;
use std::process::Command;

use stack::{find_nginx, workspace_root};

use crate::tracked;

#[test]
fn nginx_takes_every_configuration() {
    let nginx = find_nginx().expect("nginx: `apt-get install nginx-light`");
    let folder = workspace_root().join("target/nginx-check");
    fs::create_dir_all(folder.join("logs")).unwrap();
    for file in tracked("deploy/nginx/*.conf") {
        let main = folder.join("nginx.conf");
        let text = format!(
            "pid {}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{ include {}; }}\n",
            folder.display(),
            workspace_root().join(&file).display()
        );
        fs::write(&main, text).unwrap();
        let check = Command::new(&nginx)
            .arg("-t")
            .arg("-p")
            .arg(&folder)
            .arg("-c")
            .arg(&main)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&check.stderr);
        assert!(check.status.success(), "{}: {said}", file.display());
    }
}
