//! What is shipped for nginx is what nginx understands.

use std::fs;
use std::process::Command;

use stack::{Nginx, find_nginx, workspace_root};

use crate::tracked;

#[test]
fn nginx_takes_the_gateway() {
    let folder = workspace_root().join("target/nginx-check");
    Nginx::check(&folder, &[3000, 3001, 3002]).unwrap();
}

#[test]
fn nginx_takes_every_configuration_that_stands_alone() {
    let nginx = find_nginx().expect("nginx: `apt-get install nginx-light`");
    let folder = workspace_root().join("target/nginx-check");
    fs::create_dir_all(folder.join("logs")).unwrap();
    let gateway = ["hosts.conf", "user-service.conf"];
    let mut files = tracked("deploy/nginx/*.conf");
    files.retain(|file| !gateway.iter().any(|name| file.ends_with(name)));
    for file in files {
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
