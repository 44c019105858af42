//! How the sources of the libraries read: what CONTRIBUTING asks of comments and no lint counts.
//!
//! A line of source is a doc comment, another comment, code or blank. That is told by how the line
//! begins, which is enough for sources that `cargo fmt` has formatted. What follows
//! `#[cfg(test)]` and `mod NAME {` is left out: it is the tests at the end of a file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Trouble;

mod verbs;

pub use verbs::VERBS;

/// The longest line of a doc comment, in columns.
pub const COLUMNS: usize = 100;

/// One source file of a library.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path, from the root of the workspace.
    pub path: PathBuf,
    text: String,
}

/// The first line of the doc comment of a `pub fn`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstLine {
    /// The line of the file that it stands in, from 1.
    pub line: usize,
    /// The text behind the slashes.
    pub text: String,
}

impl FirstLine {
    /// Returns whether the line begins with a verb in the third person, as RFC 1574 asks.
    pub fn begins_with_verb(&self) -> bool {
        let word = self.text.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        VERBS.contains(&word)
    }
}

impl SourceFile {
    /// Reads every source file of the library in `folder`, which stands in `root`.
    ///
    /// # Errors
    ///
    /// If a folder or a file cannot be read.
    pub fn read_all(root: &Path, folder: &str) -> Result<Vec<Self>, Trouble> {
        let mut found = Vec::new();
        let mut folders = vec![root.join(folder).join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let text = fs::read_to_string(&path)?;
                    let path = path.strip_prefix(root)?.to_owned();
                    found.push(Self { path, text });
                }
            }
        }
        found.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(found)
    }

    /// Makes a source file from its text.
    pub fn new(path: impl Into<PathBuf>, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// Returns whether the file says in its first line what it is for.
    ///
    /// The root of a crate includes its README, behind the lints.
    pub fn has_header(&self) -> bool {
        let is_root = self.path.ends_with("src/lib.rs");
        self.text.starts_with("//! ") || is_root && self.text.contains("include_str!(\"../README")
    }

    /// Returns whether the file turns on `lint`, for the whole crate if it is its root.
    pub fn asks_for_lint(&self, lint: &str) -> bool {
        let mut levels = self.text.lines().filter(|line| {
            ["#![warn(", "#![deny(", "#![forbid("].iter().any(|level| line.starts_with(level))
        });
        levels.any(|line| line.contains(lint))
    }

    /// Returns the numbers of the lines of doc comments that are too long.
    pub fn long_docs(&self) -> Vec<usize> {
        let lines = self.text.lines().zip(1..);
        let long = lines.filter(|(line, _)| doc(line).is_some() && line.chars().count() > COLUMNS);
        long.map(|(_, number)| number).collect()
    }

    /// Returns the numbers of the doc lines that begin with `words`.
    pub fn docs_beginning_with(&self, words: &str) -> Vec<usize> {
        let lines = self.text.lines().zip(1..);
        let found = lines.filter(|(line, _)| doc(line).is_some_and(|doc| doc.starts_with(words)));
        found.map(|(_, number)| number).collect()
    }

    /// Returns the numbers of the lines with a heading of a doc comment that no blank line follows.
    pub fn crowded_headings(&self) -> Vec<usize> {
        let (mut found, mut in_example, mut heading) = (Vec::new(), false, None);
        for (line, number) in self.text.lines().zip(1..) {
            let text = doc(line);
            let stands_below = text.is_some_and(|text| !text.is_empty());
            found.extend(heading.take().filter(|_| stands_below));
            in_example ^= text.is_some_and(|text| text.starts_with("```"));
            // A hidden line of an example begins as a heading does.
            let is_heading = text.is_some_and(|text| text.starts_with("# "));
            heading = (is_heading && !in_example).then_some(number);
        }
        found
    }

    /// Returns the first doc line of each `pub fn` that has one.
    pub fn first_lines(&self) -> Vec<FirstLine> {
        let mut found = Vec::new();
        let mut first: Option<FirstLine> = None;
        for (line, number) in self.code_and_docs() {
            let line = line.trim_start();
            if let Some(text) = line.strip_prefix("///") {
                first.get_or_insert_with(|| FirstLine { line: number, text: text.trim().into() });
            } else if line.starts_with("#[") {
                // An attribute that holds a doc line, put together by a macro.
                let text = line.strip_prefix("#[doc = concat!(\"");
                if let Some(text) = text {
                    first.get_or_insert_with(|| FirstLine { line: number, text: text.into() });
                }
            } else {
                let first = first.take();
                if is_public_function(line) {
                    found.extend(first);
                }
            }
        }
        found
    }

    /// Returns how many lines are plain comments, and how many are code.
    pub fn comments_and_code(&self) -> (usize, usize) {
        let (mut comments, mut code) = (0, 0);
        for (line, _) in self.code_and_docs() {
            let line = line.trim();
            if line.starts_with("//") {
                comments += usize::from(doc(line).is_none() && line != "//");
            } else if !line.is_empty() {
                code += 1;
            }
        }
        (comments, code)
    }

    /// Returns the lines before the tests, with their numbers.
    fn code_and_docs(&self) -> impl Iterator<Item = (&str, usize)> {
        let mut is_for_tests = false;
        self.text.lines().zip(1..).take_while(move |(line, _)| {
            let ends = is_for_tests && line.starts_with("mod ") && line.ends_with('{');
            is_for_tests = line.starts_with("#[cfg(") && line.contains("test");
            !ends
        })
    }
}

/// Returns the text of a doc comment's line.
fn doc(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let text = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?;
    Some(text.strip_prefix(' ').unwrap_or(text))
}

fn is_public_function(line: &str) -> bool {
    let Some(item) = line.strip_prefix("pub ") else { return false };
    let mut words =
        item.split(' ').skip_while(|word| matches!(*word, "const" | "async" | "unsafe"));
    words.next() == Some("fn")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile::new("a/src/b.rs", text)
    }

    #[test]
    fn the_first_line_of_a_function_is_found_past_its_attributes() {
        let file = file(
            "//! File.\n\n/// A type.\npub struct A;\n\n    /// Returns it.\n    ///\n    /// More.\n    \
             #[must_use]\n    pub const fn it() {}\n    /// The length.\n    pub fn len() {}\n    \
             /// Hidden.\n    pub(crate) fn hidden() {}\n    pub fn bare() {}\n",
        );
        let lines = file.first_lines();
        let texts: Vec<_> = lines.iter().map(|line| (line.line, &*line.text)).collect();
        assert_eq!(texts, [(6, "Returns it."), (11, "The length.")]);
        assert!(lines[0].begins_with_verb());
        assert!(!lines[1].begins_with_verb());
    }

    #[test]
    fn nouns_that_end_like_verbs_are_none() {
        for text in ["Bytes of it.", "Keys.", "This returns.", "As `x`.", "`kid`.", "Readsomething"]
        {
            assert!(!FirstLine { line: 1, text: text.into() }.begins_with_verb(), "{text}");
        }
    }

    #[test]
    fn comments_are_counted_without_docs_and_tests() {
        let file = file(
            "//! File.\n// Why.\nfn a() {\n    // Why.\n    b();\n}\n\n#[cfg(test)]\nmod tests {\n    \
             // No.\n}\n",
        );
        assert_eq!(file.comments_and_code(), (2, 4));
    }

    #[test]
    fn long_lines_headings_and_headers() {
        let long = format!("//! {}\n/// # Errors\n/// At once.\n", "x".repeat(COLUMNS));
        let bad = file(&long);
        assert_eq!(bad.long_docs(), [1]);
        assert_eq!(bad.crowded_headings(), [2]);
        assert!(bad.has_header());
        assert!(!file("use x;\n").has_header());
        let good = file(
            "//! File.\n/// # Errors\n///\n/// At once.\n/// ```\n/// # use x;\n/// y();\n/// ```\n",
        );
        assert!(good.crowded_headings().is_empty() && good.long_docs().is_empty());
        assert_eq!(file("/// The same.\n").docs_beginning_with("The same"), [1]);
    }
}
