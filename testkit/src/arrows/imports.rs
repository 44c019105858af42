//! Arrows between the modules of cose-ext: what could become a crate by moving files imports nothing from its siblings.

use std::fs;
use std::path::Path;

use crate::Trouble;
use crate::rust_source::{Token, tokens};

/// The modules at the crate's root that are kept apart, each with the modules that it may name.
const APART: [(&str, &[&str]); 1] = [("cbor", &["cbor"])];

/// One line per path in cose-ext's modules that names a module it must not know. `src` is the crate's source folder.
pub fn broken_imports(src: &Path) -> Result<Vec<String>, Trouble> {
    let mut lines = Vec::new();
    for (module, allowed) in APART {
        let file = src.join(module).with_extension("rs");
        if file.is_file() {
            check(&file, &[module], allowed, &mut lines)?;
        }
        if src.join(module).is_dir() {
            walk(&src.join(module), &[module], allowed, &mut lines)?;
        }
    }
    Ok(lines)
}

fn walk(
    folder: &Path,
    module: &[&str],
    allowed: &[&str],
    lines: &mut Vec<String>,
) -> Result<(), Trouble> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, Trouble>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let inner = [module, &[&*name]].concat();
        if path.is_dir() {
            walk(&path, &inner, allowed, lines)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            check(&path, &inner, allowed, lines)?;
        }
    }
    Ok(())
}

fn check(
    path: &Path,
    module: &[&str],
    allowed: &[&str],
    lines: &mut Vec<String>,
) -> Result<(), Trouble> {
    let source =
        fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    for (name, line) in roots_named(&source, module.len()) {
        if !allowed.contains(&name.as_str()) {
            lines.push(format!("{}:{line}: names `{name}` of the crate's root", path.display()));
        }
    }
    Ok(())
}

/// What a file names at the root of its crate, with the line: `x` of `crate::x`, of `crate::{x, y::z}`, and of
/// `super::x` where `super` leads to the root. `depth` is the number of modules that the file is inside of: 1 for
/// `cbor.rs`, 2 for `cbor/reader.rs`. Something that is no name (`crate::*`) is given as it stands.
pub fn roots_named(source: &str, depth: usize) -> Vec<(String, usize)> {
    let tokens = tokens(source);
    let text = |at: usize| tokens.get(at).map_or("", |token: &Token<'_>| token.text);
    let mut named = Vec::new();
    // The inline modules that are open here: the number of braces around each.
    let (mut braces, mut inline): (usize, Vec<usize>) = (0, Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        match text(at) {
            "{" => {
                braces += 1;
                if at >= 2 && text(at - 2) == "mod" {
                    inline.push(braces);
                }
            }
            "}" => {
                if inline.last() == Some(&braces) {
                    inline.pop();
                }
                braces = braces.saturating_sub(1);
            }
            // Not `x::crate`, which no path has, nor the `super` in the middle of a chain.
            "crate" if text(at + 1) == "::" => heads(&tokens[at + 2..], &mut named),
            "super" => {
                let mut ups = 1;
                while text(at + 1) == "::" && text(at + 2) == "super" {
                    (ups, at) = (ups + 1, at + 2);
                }
                if ups >= depth + inline.len() && text(at + 1) == "::" {
                    heads(&tokens[at + 2..], &mut named);
                }
            }
            _ => {}
        }
        at += 1;
    }
    named
}

/// The first name of a path, or of each path in a group.
fn heads(path: &[Token<'_>], named: &mut Vec<(String, usize)>) {
    let mut add = |token: &Token<'_>| named.push((token.text.to_owned(), token.line));
    let [first, rest @ ..] = path else { return };
    if first.text != "{" {
        return add(first);
    }
    let (mut depth, mut expected) = (1, true);
    for token in rest {
        match token.text {
            "{" => depth += 1,
            "}" if depth == 1 => return,
            "}" => depth -= 1,
            "," if depth == 1 => expected = true,
            _ if depth == 1 && expected => {
                add(token);
                expected = false;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp_folder::TempFolder;

    fn names(source: &str, depth: usize) -> Vec<String> {
        roots_named(source, depth).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn paths_from_the_root() {
        assert_eq!(
            names("use crate::key::Key; fn f() -> crate::header::X {}", 1),
            ["key", "header"]
        );
        assert_eq!(
            names("use crate::{key::{A, B}, cbor, header::*}; use crate::*;", 1),
            ["key", "cbor", "header", "*"]
        );
        assert_eq!(names("macro_rules! m { () => { $crate::key::f() } }", 1), ["key"]);
        assert_eq!(roots_named("\n\nuse crate::key;", 1), [("key".to_owned(), 3)]);
    }

    #[test]
    fn text_that_is_not_a_path() {
        let source =
            "/// [`crate::key`]\n//! crate::a\n/* crate::b */ pub(crate) fn f() { \"crate::c\"; }";
        assert_eq!(names(source, 1), Vec::<String>::new());
    }

    #[test]
    fn supers_that_reach_the_root() {
        assert_eq!(names("use super::key;", 1), ["key"]);
        assert_eq!(names("use super::error::Error; pub(super) fn f() {}", 2), Vec::<String>::new());
        assert_eq!(names("use super::super::{key, header::X};", 2), ["key", "header"]);
        assert_eq!(names("use super::super::reader;", 3), Vec::<String>::new());
    }

    #[test]
    fn inline_modules_count() {
        let source = "mod tests { use super::super::f; fn g() { if x { } } } use super::key;";
        assert_eq!(names(source, 2), Vec::<String>::new());
        assert_eq!(names(source, 1), ["f", "key"]);
        assert_eq!(names("mod a { mod b { use super::super::super::key; } }", 1), ["key"]);
    }

    #[test]
    fn each_module_has_its_own_rule() {
        let src = TempFolder::new("imports");
        src.write("cbor.rs", "mod reader; use crate::cbor::reader::R;");
        src.write("cbor/reader.rs", "use super::R;\nuse crate::limits::Limits;");
        src.write("sign1.rs", "use crate::{cbor, crypto, key};");
        let lines = broken_imports(src.path()).unwrap();
        let ends = ["reader.rs:2: names `limits`"];
        assert_eq!(lines.len(), 1, "{lines:?}");
        for (line, end) in lines.iter().zip(ends) {
            assert!(line.contains(end), "{line}");
        }
    }
}
