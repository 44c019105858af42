//! How the sources of the libraries read, as CONTRIBUTING says it.

use testkit::style::SourceFile;
use testkit::workspace::Workspace;

/// Of a hundred functions, how many begin their doc comment with a verb at least.
const VERBS_OF_100: usize = 75;

/// Lines of comments for a thousand lines of code in a file that holds a machine.
const COMMENTS_OF_1000: usize = 25;

/// Files that hold a machine: state that lives longer than one step, with an invariant that a
/// reader has to know.
const MACHINES: [&str; 13] = [
    "cose-ext/src/cbor/check.rs",
    "cose-ext/src/cbor/check/keys.rs",
    "cose-ext/src/header/bucket.rs",
    "cose-ext/src/header/bucket_reader.rs",
    "cose-ext/src/recipient/content_key.rs",
    "merkle-proof/src/compact_range.rs",
    "merkle-proof/src/inclusion_batch.rs",
    "merkle-proof/src/store/durable/spares.rs",
    "merkle-proof/src/store/durable/tile_files.rs",
    "merkle-proof/src/store/log.rs",
    "merkle-proof/src/store/log/append.rs",
    "merkle-proof/src/tlog/tile_reader.rs",
    "suit-manifest/src/processor.rs",
];

/// Every library, with its files.
fn libraries() -> Vec<(String, Vec<SourceFile>)> {
    let workspace = Workspace::read().unwrap();
    let libraries = workspace.libraries().map(|library| {
        let files = SourceFile::read_all(&workspace.root, &library.folder).unwrap();
        assert!(!files.is_empty(), "{}: no sources in {}", library.name, library.folder);
        (library.name.clone(), files)
    });
    libraries.collect()
}

/// Fails with all of `faults`, one a line.
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{} places\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn docs_of_functions_begin_with_a_verb() {
    let mut faults = Vec::new();
    for (name, files) in libraries() {
        let (mut all, mut others) = (0_usize, Vec::new());
        for file in &files {
            for first in file.first_lines() {
                all += 1;
                if !first.begins_with_verb() {
                    others.push(format!("{}:{}: {}", file.path.display(), first.line, first.text));
                }
            }
        }
        let verbs = all - others.len();
        println!("{name}: {verbs} of {all} begin with a verb");
        if verbs * 100 < all * VERBS_OF_100 {
            faults.push(format!("{name}: {verbs} of {all} begin with a verb"));
            faults.extend(others);
        }
    }
    none(&faults);
}

#[test]
fn docs_say_what_is_the_same() {
    let mut found = Vec::new();
    for (_, files) in libraries() {
        for file in &files {
            let lines = file.docs_beginning_with("The same").into_iter();
            found.extend(lines.map(|line| format!("{}:{line}", file.path.display())));
        }
    }
    assert!(found.len() <= 3, "\n{}", found.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut faults = Vec::new();
    for (_, files) in libraries() {
        let bare = files.iter().filter(|file| !file.has_header());
        faults.extend(bare.map(|file| file.path.display().to_string()));
    }
    none(&faults);
}

#[test]
fn docs_are_at_most_100_columns_wide_and_headings_stand_apart() {
    let mut faults = Vec::new();
    for (_, files) in libraries() {
        for file in &files {
            let path = file.path.display();
            faults.extend(file.long_docs().iter().map(|line| format!("{path}:{line}: too long")));
            let crowded = file.crowded_headings();
            faults.extend(crowded.iter().map(|line| format!("{path}:{line}: no blank line below")));
        }
    }
    none(&faults);
}

#[test]
fn machines_are_explained() {
    let mut faults = Vec::new();
    let mut files: Vec<_> = libraries().into_iter().flat_map(|(_, files)| files).collect();
    files.retain(|file| MACHINES.iter().any(|machine| file.path.ends_with(machine)));
    assert_eq!(files.len(), MACHINES.len(), "a machine has moved: {files:#?}");
    for file in &files {
        let (comments, code) = file.comments_and_code();
        let line = format!("{}: {comments} comments, {code} lines of code", file.path.display());
        println!("{line}");
        if comments * 1000 < code * COMMENTS_OF_1000 {
            faults.push(line);
        }
    }
    none(&faults);
}

#[test]
fn lints_hold_what_a_lint_can_hold() {
    let mut faults = Vec::new();
    for (name, files) in libraries() {
        let root = files.iter().find(|file| file.path.ends_with("src/lib.rs")).unwrap();
        for lint in ["clippy::missing_errors_doc", "clippy::must_use_candidate"] {
            if !root.asks_for_lint(lint) {
                faults.push(format!("{name} does not ask for {lint}"));
            }
        }
    }
    none(&faults);
}

#[test]
fn the_first_example_of_a_readme_can_be_copied() {
    let workspace = Workspace::read().unwrap();
    let mut faults = Vec::new();
    for library in workspace.libraries() {
        let path = workspace.root.join(&library.folder).join("README.md");
        let text = std::fs::read_to_string(&path).unwrap();
        let example = text.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next());
        let hidden = |line: &&str| line.starts_with("# ") || *line == "#";
        if let Some(line) = example.and_then(|example| example.lines().find(hidden)) {
            faults.push(format!("{}: the first example hides `{line}`", library.name));
        }
    }
    none(&faults);
}

/// The crates that users name in their manifests; what stands below `cose-ext` is seen through it.
const FOR_USERS: [&str; 7] = [
    "cose-ext",
    "merkle-proof",
    "scitt-core",
    "suit-manifest",
    "rats-eat",
    "teep-msg",
    "transparent-suit",
];

#[test]
fn a_readme_has_its_tables() {
    let workspace = Workspace::read().unwrap();
    let mut faults = Vec::new();
    for name in FOR_USERS {
        let folder = &workspace.package(name).unwrap().folder;
        let path = workspace.root.join(folder).join("README.md");
        let text = std::fs::read_to_string(&path).unwrap();
        for heading in
            ["## In Cargo.toml", "## Features", "## Specifications", "## What is left out"]
        {
            if !text.lines().any(|line| line.starts_with(heading)) {
                faults.push(format!("{name}: its README has no `{heading}`"));
            }
        }
    }
    none(&faults);
}
