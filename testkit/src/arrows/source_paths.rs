//! The paths that a source file names, resolved to the root of its crate.

use crate::rust_source::{Token, tokens};

/// What a source file says of modules. Items that only tests have (`#[cfg(test)]`) are left out.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// Every path that begins with `crate`, `super` or `self`, and every path of a `use` that begins with a module of this
    /// file.
    pub(super) paths: Vec<Named>,
    /// The items that the file defines itself, modules and nested ones left out.
    pub(super) items: Vec<String>,
    /// The modules that are declared for tests only.
    pub(super) test_modules: Vec<String>,
}

/// A path from the root of the crate.
#[derive(Debug)]
pub(super) struct Named {
    /// Its names; the last one may be `*`.
    pub(super) path: Vec<String>,
    /// The line it begins in, from 1.
    pub(super) line: usize,
    /// The module that it stands in, and the name it is given there, where it is a `pub use` of any visibility.
    pub(super) exported: Option<(Vec<String>, String)>,
}

/// Reads the source of `module`; the empty path is the root of the crate.
pub(super) fn read(source: &str, module: &[String]) -> Source {
    let tokens = tokens(source);
    let mut reader = Reader { at: 0, module: module.to_vec(), children: children(&tokens), tokens };
    let mut found = Source::default();
    let (mut braces, mut inline): (usize, Vec<usize>) = (0, Vec::new());
    while reader.at < reader.tokens.len() {
        match reader.text(0) {
            "#" if reader.is_for_tests() => found.test_modules.extend(reader.skip_item()),
            "fn" | "struct" | "enum" | "union" | "trait" | "type" | "const" | "static"
            | "macro_rules"
                if braces == 0 =>
            {
                // `const fn f`, `static mut S`, `macro_rules! m`
                let name = (1..3).map(|ahead| reader.text(ahead)).find(|text| {
                    is_name(text) && !matches!(*text, "fn" | "mut" | "unsafe" | "extern")
                });
                found.items.extend(name.map(str::to_owned));
            }
            "{" => {
                braces += 1;
                if reader.at >= 2 && reader.tokens[reader.at - 2].text == "mod" {
                    inline.push(braces);
                    reader.module.push(reader.tokens[reader.at - 1].text.to_owned());
                }
            }
            "}" => {
                if inline.last() == Some(&braces) {
                    inline.pop();
                    reader.module.pop();
                }
                braces = braces.saturating_sub(1);
            }
            // Not the `use<'a>` of a return type.
            "use" if reader.text(1) != "<" => {
                let exports = reader.is_exported();
                reader.at += 1;
                reader.tree(None, true, exports, &mut found.paths);
                continue;
            }
            "crate" | "super" | "self" if reader.text(1) == "::" => {
                reader.tree(None, false, false, &mut found.paths);
                continue;
            }
            _ => {}
        }
        reader.at += 1;
    }
    found
}

/// The modules that a file declares.
fn children(tokens: &[Token<'_>]) -> Vec<String> {
    tokens
        .windows(3)
        .filter(|window| window[0].text == "mod" && matches!(window[2].text, ";" | "{"))
        .map(|window| window[1].text.to_owned())
        .collect()
}

/// State: the token it stands at, and the module that the token belongs to. Linear in the number of tokens.
struct Reader<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    module: Vec<String>,
    children: Vec<String>,
}

impl<'a> Reader<'a> {
    fn text(&self, ahead: usize) -> &'a str {
        self.tokens.get(self.at + ahead).map_or("", |token| token.text)
    }

    /// Whether `#[cfg(test)]` or `#[cfg(all(test, ..))]` stands here.
    fn is_for_tests(&self) -> bool {
        let stands = |words: &[&str]| {
            words.iter().enumerate().all(|(ahead, word)| self.text(ahead) == *word)
        };
        stands(&["#", "[", "cfg", "(", "test", ")", "]"])
            || stands(&["#", "[", "cfg", "(", "all", "(", "test", ","])
    }

    /// Goes to the end of the item that begins here; gives its name if it is a module in a file of its own.
    fn skip_item(&mut self) -> Option<String> {
        let (mut depth, mut module) = (0_usize, None);
        while self.at < self.tokens.len() {
            match self.text(0) {
                "mod" if depth == 0 && self.text(2) == ";" => {
                    module = Some(self.text(1).to_owned())
                }
                "{" | "(" | "[" => depth += 1,
                "}" if depth == 1 => return module,
                "}" | ")" | "]" => depth = depth.saturating_sub(1),
                ";" if depth == 0 => return module,
                _ => {}
            }
            self.at += 1;
        }
        module
    }

    /// Whether the `use` that stands here has a visibility.
    fn is_exported(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).map_or("", |at| self.tokens[at].text);
        if before(1) != ")" {
            return before(1) == "pub";
        }
        let open = (2..8).find(|back| before(*back) == "(");
        open.is_some_and(|open| before(open + 1) == "pub")
    }

    /// Reads a path or a tree of paths and stands after it. `prefix` is what it continues, from the root; `None` at the
    /// front of a path. A path of another crate leaves nothing.
    fn tree(
        &mut self,
        prefix: Option<Vec<String>>,
        in_use: bool,
        exports: bool,
        out: &mut Vec<Named>,
    ) {
        let line = self.tokens.get(self.at).map_or(0, |token| token.line);
        let (mut path, mut is_front) = (prefix.clone(), true);
        loop {
            match self.text(0) {
                "{" if in_use || path.is_some() => {
                    // The paths of a group continue what stands before it, or, at the front, nothing.
                    let prefix = if is_front { prefix } else { Some(path.unwrap_or_default()) };
                    self.at += 1;
                    while !matches!(self.text(0), "}" | "") {
                        self.tree(prefix.clone(), in_use, exports, out);
                        if self.text(0) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                "crate" if path.is_none() => path = Some(Vec::new()),
                "super" => {
                    path.get_or_insert_with(|| self.module.clone()).pop();
                }
                // `a::{self}` is `a`.
                "self" => {
                    path.get_or_insert_with(|| self.module.clone());
                }
                name if is_name(name) => match &mut path {
                    Some(path) => path.push(name.to_owned()),
                    None if self.children.iter().any(|child| child == name) => {
                        path = Some([&self.module[..], &[name.to_owned()]].concat());
                    }
                    None => return self.skip_tree(),
                },
                // Something that no path has here; passed over, so that a loop over a group ends.
                _ => {
                    self.at += 1;
                    return;
                }
            }
            is_front = false;
            self.at += 1;
            if self.text(0) != "::" || self.text(1) == "<" {
                break;
            }
            self.at += 1;
        }
        let path = path.unwrap_or_default();
        let mut name = path.last().cloned().unwrap_or_default();
        if self.text(0) == "as" {
            self.text(1).clone_into(&mut name);
            self.at += 2;
        }
        let exported = exports.then(|| (self.module.clone(), name));
        out.push(Named { path, line, exported });
    }

    /// Passes over a path of another crate, with what is grouped behind it.
    fn skip_tree(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.tokens.len() {
            match self.text(0) {
                "{" => depth += 1,
                "}" if depth == 0 => return,
                "}" => depth -= 1,
                "," | ";" if depth == 0 => return,
                _ => {}
            }
            self.at += 1;
        }
    }
}

fn is_name(text: &str) -> bool {
    text == "*" || text.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(source: &str, module: &str) -> Vec<String> {
        let module: Vec<_> =
            module.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
        read(source, &module).paths.iter().map(|named| named.path.join("::")).collect()
    }

    #[test]
    fn paths_from_the_root() {
        assert_eq!(
            paths("use crate::key::Key; fn f() -> crate::header::X {}", "a"),
            ["key::Key", "header::X"]
        );
        assert_eq!(
            paths("use crate::{key::{A, B as C}, cbor::{self, Map}, header::*};", "a"),
            ["key::A", "key::B", "cbor", "cbor::Map", "header::*"]
        );
        assert_eq!(paths("macro_rules! m { () => { $crate::key::f() } }", "a"), ["key::f"]);
        assert_eq!(
            paths("crate::key::f::<u8>(); crate::cbor::g(x::y)", "a"),
            ["key::f", "cbor::g"]
        );
        assert_eq!(read("\n\nuse crate::key;", &[]).paths[0].line, 3);
    }

    #[test]
    fn text_that_is_not_a_path() {
        let source =
            "/// [`crate::key`]\n/* crate::b */ pub(crate) fn f(self) { \"crate::c\"; self.x() }";
        assert_eq!(paths(source, "a"), Vec::<String>::new());
        assert_eq!(
            paths("fn f() -> impl X + use<'a> {} use core::fmt;", "a"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn paths_from_where_they_stand() {
        assert_eq!(paths("use super::key;", "a"), ["key"]);
        assert_eq!(paths("use super::error::E; self::f()", "a::b"), ["a::error::E", "a::b::f"]);
        assert_eq!(paths("use super::super::{key, header::X};", "a::b"), ["key", "header::X"]);
        assert_eq!(
            paths("mod x; pub use x::{Y, z::W}; use other::V;", "a"),
            ["a::x::Y", "a::x::z::W"]
        );
    }

    #[test]
    fn inline_modules_count() {
        let source = "mod t { use super::super::f; fn g() { if x { } } } use super::key;";
        assert_eq!(paths(source, "a::b"), ["a::f", "a::key"]);
    }

    #[test]
    fn what_is_for_tests_is_left_out() {
        let source = "#[cfg(test)] mod tests { use crate::a; fn f() { {} } }
            #[cfg(test)] use crate::b; #[cfg(test)] mod toy;
            #[cfg(all(test, feature = \"x\"))] mod more { use crate::e; }
            #[cfg(any(test, feature = \"x\"))] use crate::c; use crate::d;";
        assert_eq!(paths(source, "m"), ["c", "d"]);
        assert_eq!(read(source, &[]).test_modules, ["toy"]);
    }

    #[test]
    fn items_are_those_of_the_file_itself() {
        let source = "pub const A: u8 = 0; pub(crate) const fn f() { const B: u8 = 1; } struct S<'a>(&'a str);
            macro_rules! m { () => { fn g() {} } } impl S<'_> { fn h() {} } mod x { fn i() {} }";
        assert_eq!(read(source, &[]).items, ["A", "f", "f", "S", "m"]);
    }

    #[test]
    fn exports_have_the_name_that_others_use() {
        let source = "pub use crate::a::B as C; pub(crate) use crate::d::E; use crate::f::G;";
        let exported: Vec<_> =
            read(source, &["m".to_owned()]).paths.into_iter().map(|named| named.exported).collect();
        let name = |name: &str| Some((vec!["m".to_owned()], name.to_owned()));
        assert_eq!(exported, [name("C"), name("E"), None]);
    }
}
