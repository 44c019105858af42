//! The vectors that the family publishes are what the command makes.

use std::{collections::BTreeMap, fs, path::Path};

#[allow(dead_code, unreachable_pub)]
#[path = "../examples/make_vectors/main.rs"]
mod make_vectors;

fn files(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match path.is_dir() {
            true => files(&path, &format!("{prefix}{name}/"), found),
            false => _ = found.insert(format!("{prefix}{name}"), fs::read(&path).unwrap()),
        }
    }
}

#[test]
fn what_is_published_is_what_is_made() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/rats");
    let mut published = BTreeMap::new();
    files(&folder, "", &mut published);
    published.remove("README.md");
    let made = make_vectors::made();
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&published), names(&made));
    for (name, bytes) in &made {
        assert!(
            published[name] == *bytes,
            "{name} differs: make them again, or undo what changed them"
        );
    }
}
