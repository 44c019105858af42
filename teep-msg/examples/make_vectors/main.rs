//! Makes the family's own vectors of TEEP, each time the same bytes:
//!
//! `cargo run -p teep-msg --all-features --example make_vectors -- vectors/teep`, or with `--check` behind it to compare.
//!
//! The keys are numbers that everybody may have; none may protect anything.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::as_conversions)]

mod book;
mod broken;
#[allow(dead_code)] // The suite has other uses for it, too.
#[path = "../../tests/vectors/decoded.rs"]
mod decoded;
mod manifests;
mod messages;
mod parties;
mod sessions;

use std::{error::Error, fs, path::Path, process::ExitCode};

use book::{Age, Book};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("which folder?")?;
    let is_check = arguments.next().is_some_and(|argument| argument == "--check");
    let book = made();
    for (name, bytes) in &book.files {
        let path = Path::new(&folder).join(name);
        if is_check {
            if fs::read(&path)? != *bytes {
                return Err(format!("{name} is another").into());
            }
        } else {
            fs::create_dir_all(path.parent().ok_or("no folder")?)?;
            fs::write(path, bytes)?;
        }
    }
    println!("{} cases in {} files", book.cases.len(), book.files.len());
    Ok(())
}

fn made() -> Book {
    let mut book = Book::default();
    for age in [Age::NEW, Age::OLD] {
        messages::make(&mut book, age);
        broken::make(&mut book, age);
        sessions::make(&mut book, age);
    }
    book.files.extend(parties::key_files());
    let lines: Vec<_> = book.cases.iter().map(ToString::to_string).collect();
    let index = format!("{{\"cases\": [\n{}\n]}}\n", lines.join(",\n"));
    book.files.insert("cases.json".into(), index.into_bytes());
    book
}
