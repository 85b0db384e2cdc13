//! A folder as a .tar.gz that depends on nothing but its files' names and bytes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::files;

/// The archive of the files below `folder`, which are below `name` in it: in order, of nobody, and of
/// no time.
///
/// # Errors
/// If a file can't be read.
pub(super) fn of(folder: &Path, name: &str) -> Result<Vec<u8>> {
    // Without a name and a time of its own.
    let encoder = GzBuilder::new().write(Vec::new(), Compression::best());
    let mut archive = Builder::new(encoder);
    for file in files(folder)? {
        let path = folder.join(&file);
        let bytes = fs::read(&path).with_context(|| format!("can't read {}", path.display()))?;
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        header.set_size(bytes.len().try_into()?);
        archive.append_data(&mut header, Path::new(name).join(file), bytes.as_slice())?;
    }
    Ok(archive.into_inner()?.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use tar::Archive;

    use super::*;

    #[test]
    fn an_archive_depends_on_names_and_bytes_only() {
        let folder = std::env::temp_dir().join(format!("archive-{}", std::process::id()));
        let mut archives = Vec::new();
        for (first, second) in [("a", "b"), ("b", "a")] {
            fs::create_dir_all(folder.join("below")).unwrap();
            for name in [first, second] {
                fs::write(folder.join("below").join(name), name).unwrap();
            }
            archives.push(of(&folder, "name").unwrap());
            fs::remove_dir_all(&folder).unwrap();
        }
        assert_eq!(archives[0], archives[1]);

        let mut archive = Archive::new(GzDecoder::new(archives[0].as_slice()));
        let mut entries = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let header = entry.header();
            assert_eq!(header.mtime().unwrap(), 0);
            assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            entries.push((entry.path().unwrap().into_owned(), text));
        }
        let expected = ["a", "b"].map(|name| (Path::new("name/below").join(name), name.to_owned()));
        assert_eq!(entries, expected);
    }
}
