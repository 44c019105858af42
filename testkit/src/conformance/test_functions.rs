//! Finds the test functions of a crate in its source text.

use std::fs;
use std::path::Path;

use crate::Trouble;
use crate::rust_source::{Token, tokens};

/// A function that a test run executes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestFunction {
    /// The function's name.
    pub name: String,
    /// The file, relative to the crate's folder, with `/` between its parts.
    pub file: String,
}

/// The test functions of every file under `src` and `tests`, by file and then as they stand there; behind them those of
/// the crates that lie in the folder of this one.
pub fn tests_of_crate(folder: &Path) -> Result<Vec<TestFunction>, Trouble> {
    let failed = |error: std::io::Error| Trouble::from(format!("{}: {error}", folder.display()));
    let mut tests = Vec::new();
    for part in ["src", "tests"] {
        if folder.join(part).is_dir() {
            walk(&folder.join(part), part, &mut tests)?;
        }
    }
    let mut nested = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.join("Cargo.toml").is_file() {
            nested.push(path);
        }
    }
    nested.sort();
    for path in nested {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        tests.extend(
            tests_of_crate(&path)?
                .into_iter()
                .map(|test| TestFunction { file: format!("{name}/{}", test.file), ..test }),
        );
    }
    Ok(tests)
}

fn walk(folder: &Path, name: &str, tests: &mut Vec<TestFunction>) -> Result<(), Trouble> {
    let failed = |error: std::io::Error| Trouble::from(format!("{}: {error}", folder.display()));
    let mut entries =
        fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let path = entry.path();
        let file = format!("{name}/{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            walk(&path, &file, tests)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).map_err(failed)?;
            tests.extend(
                test_functions(&source)
                    .into_iter()
                    .map(|name| TestFunction { name, file: file.clone() }),
            );
        }
    }
    Ok(())
}

/// The names of the functions in `source` that have a test attribute and are not ignored.
pub fn test_functions(source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let mut names = Vec::new();
    let (mut is_test, mut is_ignored) = (false, false);
    let mut rest = tokens.as_slice();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first.text, after.first().map(|token| token.text)) {
            ("#", Some("[")) => {
                let (attribute, after) = attribute(&after[1..]);
                is_test |= makes_a_test(attribute);
                is_ignored |= attribute.first().is_some_and(|token| token.text == "ignore");
                rest = after;
            }
            ("fn", Some(name)) => {
                if is_test && !is_ignored {
                    names.push(name.to_owned());
                }
                (is_test, is_ignored) = (false, false);
            }
            // What may stand between an attribute and its `fn`.
            ("pub" | "async" | "const" | "unsafe" | "extern" | "(" | ")" | "crate", _) => {}
            _ => (is_test, is_ignored) = (false, false),
        }
    }
    names
}

/// Splits after the bracket that closes an attribute.
fn attribute<'t, 's>(tokens: &'t [Token<'s>]) -> (&'t [Token<'s>], &'t [Token<'s>]) {
    let mut depth = 1;
    for (at, token) in tokens.iter().enumerate() {
        match token.text {
            "[" => depth += 1,
            "]" if depth == 1 => return (&tokens[..at], &tokens[at + 1..]),
            "]" => depth -= 1,
            _ => {}
        }
    }
    (tokens, &[])
}

/// `test`, `tokio::test`, `test_case(..)`: the path of the attribute ends in a name for tests.
fn makes_a_test(attribute: &[Token<'_>]) -> bool {
    let path = attribute.iter().take_while(|token| token.text != "(" && token.text != "=");
    path.last().is_some_and(|token| matches!(token.text, "test" | "test_case" | "rstest"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp_folder::TempFolder;

    #[test]
    fn a_test_attribute_makes_the_test() {
        let source = r#"
            #[test] fn c1_a() {}
            #[test]
            #[should_panic(expected = "x")]
            fn c1_b() {}
            #[tokio::test] async fn c1_c() {}
            #[test_case(1; "one")] fn c1_d(_: u8) {}
            #[cfg(feature = "p256")] #[test] pub(crate) fn c1_e() -> Result<(), ()> { Ok(()) }
        "#;
        assert_eq!(test_functions(source), ["c1_a", "c1_b", "c1_c", "c1_d", "c1_e"]);
    }

    #[test]
    fn what_does_not_run_does_not_count() {
        // Source as a crate could have it, to be read: nothing in it is compiled, and no test is ignored here.
        let source = r##"
            fn c1_helper() {}
            // #[test] fn c1_comment() {}
            const TEXT: &str = "#[test] fn c1_string() {}";
            #[test] #[ignore = "slow"] fn c1_ignored() {}
            #[test] const X: u8 = 1; fn c1_not_adjacent() {}
            #[cfg(test)] mod tests { fn c1_in_tests() {} }
            #[inline] fn c1_inline() {}
        "##;
        assert_eq!(test_functions(source), Vec::<String>::new());
    }

    #[test]
    fn property_tests_count() {
        let source = "proptest! { #![proptest_config(c())] #[test] fn c2_any(x in 0u8..) { f(x) } fn c2_never_run() {} }";
        assert_eq!(test_functions(source), ["c2_any"]);
    }

    #[test]
    fn walks_src_and_tests() {
        let folder = TempFolder::new("walk");
        folder.write("src/lib.rs", "#[test] fn a() {}");
        folder.write("src/deep/er.rs", "#[test] fn b() {}");
        folder.write("tests/c.rs", "#[test] fn c() {}");
        folder.write("tests/data.txt", "#[test] fn d() {}");
        folder.write("benches/e.rs", "#[test] fn e() {}");
        folder.write("inner/Cargo.toml", "");
        folder.write("inner/src/lib.rs", "#[test] fn f() {}");
        let found = tests_of_crate(folder.path()).unwrap();
        let found: Vec<_> =
            found.iter().map(|test| (test.name.as_str(), test.file.as_str())).collect();
        let expected = [
            ("b", "src/deep/er.rs"),
            ("a", "src/lib.rs"),
            ("c", "tests/c.rs"),
            ("f", "inner/src/lib.rs"),
        ];
        assert_eq!(found, expected);
    }
}
