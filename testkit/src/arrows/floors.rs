//! Arrows between the modules of one crate: each module stands on a floor, and imports from lower floors only.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::source_paths::{self, Source};
use crate::Trouble;

/// The floors of a crate, or of one of its modules: names of modules, from the ground up. What stands on one floor does
/// not import from each other, so no circle is possible.
pub type Floors<'f> = &'f [&'f [&'f str]];

/// One line per import within `src` that does not go down, and per module that stands on no floor or that `floors` has
/// and the crate has not.
///
/// `within` is the module whose children stand on the floors: the empty path for the crate itself. What it checks is
/// every path that names a module: of a `use`, and of any other code that begins with `crate`, `super` or `self`. A name
/// that a module or the crate re-exports counts as an import of every module on the way to where it is defined. Not seen
/// are methods that a higher module adds to a type of a lower one. `lib.rs` and what is there for tests only may name
/// everything.
///
/// # Errors
/// If a file cannot be read.
pub fn broken_floors(
    src: &Path,
    within: &[&str],
    floors: Floors<'_>,
) -> Result<Vec<String>, Trouble> {
    let modules = Modules::read(src)?;
    let mut lines = Vec::new();
    let floor = |name: &str| floors.iter().position(|floor| floor.contains(&name));
    let within: Vec<String> = within.iter().map(|name| (*name).to_owned()).collect();
    let children: BTreeSet<&str> = modules.children(&within).collect();
    let place = src.join(within.join("/"));
    let listed = floors.iter().flat_map(|floor| floor.iter());
    for name in listed.clone() {
        if !children.contains(name) {
            lines.push(format!("{}: no module `{name}` for its floor", place.display()));
        }
        if listed.clone().filter(|other| *other == name).count() != 1 {
            lines.push(format!("{}: `{name}` stands on two floors", place.display()));
        }
    }
    for name in &children {
        if floor(name).is_none() {
            lines.push(format!("{}: `{name}` stands on no floor", place.display()));
        }
    }
    for (module, source) in &modules.sources {
        let Some(from) = child(module, &within) else { continue };
        for named in &source.paths {
            for (way, name) in modules.ways(&named.path) {
                let (is_up, of) = match child(&way, &within) {
                    Some(to) => (to != from && floor(to) >= floor(from), to),
                    // What the root defines itself stands above all of its modules.
                    None => (way == within && modules.defines(&way, &name), "the root"),
                };
                if is_up {
                    lines.push(format!(
                        "{}.rs:{}: `{from}` names `{}` of {of}, which does not stand below it",
                        src.join(module.join("/")).display(),
                        named.line,
                        named.path.join("::"),
                    ));
                }
            }
        }
    }
    lines.dedup();
    Ok(lines)
}

/// The name of the child of `within` that `module` is or belongs to.
fn child<'m>(module: &'m [String], within: &[String]) -> Option<&'m str> {
    module.strip_prefix(within)?.first().map(String::as_str)
}

/// The sources of a crate by module, those for tests left out.
struct Modules {
    sources: Vec<(Vec<String>, Source)>,
}

impl Modules {
    fn read(src: &Path) -> Result<Self, Trouble> {
        let mut modules = Self { sources: Vec::new() };
        modules.file(&src.join("lib.rs"), Vec::new())?;
        modules.folder(src, &[])?;
        let tests: Vec<Vec<String>> = modules
            .sources
            .iter()
            .flat_map(|(module, source)| {
                source.test_modules.iter().map(|name| [module, &[name.clone()][..]].concat())
            })
            .collect();
        modules.sources.retain(|(module, _)| !tests.iter().any(|test| module.starts_with(test)));
        Ok(modules)
    }

    fn folder(&mut self, folder: &Path, module: &[String]) -> Result<(), Trouble> {
        let mut paths = fs::read_dir(folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>, Trouble>>()?;
        paths.sort();
        for path in paths {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let inner = [module, std::slice::from_ref(&name)].concat();
            if path.is_dir() {
                self.folder(&path, &inner)?;
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !(module.is_empty() && name == "lib")
            {
                self.file(&path, inner)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, module: Vec<String>) -> Result<(), Trouble> {
        let text =
            fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let source = source_paths::read(&text, &module);
        self.sources.push((module, source));
        Ok(())
    }

    fn children<'m>(&'m self, within: &'m [String]) -> impl Iterator<Item = &'m str> {
        self.sources.iter().filter_map(move |(module, _)| child(module, within))
    }

    fn is_module(&self, path: &[String]) -> bool {
        path.is_empty() || self.sources.iter().any(|(module, _)| module.starts_with(path))
    }

    /// Whether the file of `module` defines `item` itself.
    fn defines(&self, module: &[String], item: &str) -> bool {
        let mut files = self.sources.iter().filter(|(at, _)| at == module);
        files.any(|(_, source)| source.items.iter().any(|name| name == item))
    }

    /// The modules on the way from the root to what `path` means, each with the name that is wanted of it: the module that
    /// it names, and those that a re-export leads to.
    fn ways(&self, path: &[String]) -> Vec<(Vec<String>, String)> {
        let (mut ways, mut open, mut seen) = (Vec::new(), vec![path.to_vec()], BTreeSet::new());
        while let Some(path) = open.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            let depth = (0..=path.len()).rev().find(|depth| self.is_module(&path[..*depth]));
            let (module, rest) = path.split_at(depth.unwrap_or(0));
            ways.push((module.to_vec(), rest.first().cloned().unwrap_or_default()));
            let Some((name, rest)) = rest.split_first() else { continue };
            let exports = self.sources.iter().filter(|(at, _)| at == module);
            let exports = exports.flat_map(|(_, source)| &source.paths).filter_map(|named| {
                let (at, exported) = named.exported.as_ref()?;
                (at == module).then_some((exported.as_str(), &named.path))
            });
            let before = open.len();
            for (_, target) in exports.clone().filter(|(exported, _)| exported == name) {
                open.push([target, rest].concat());
            }
            // A name of its own comes before those of a glob.
            if open.len() == before {
                for (_, target) in exports.filter(|(exported, _)| *exported == "*") {
                    let target = target.split_last().map_or(&[][..], |(_, target)| target);
                    open.push([target, std::slice::from_ref(name), rest].concat());
                }
            }
        }
        ways
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp_folder::TempFolder;

    /// What is broken in a crate whose root declares the modules `a`, `b` and `c`, for floors with `a` lowest.
    fn broken(test: &str, files: &[(&str, &str)]) -> Vec<String> {
        let src = TempFolder::new(test);
        src.write("lib.rs", "mod a; mod b; mod c; pub use c::Top; pub use b::*;");
        for name in ["a.rs", "b.rs", "c.rs"] {
            src.write(name, "");
        }
        for (name, text) in files {
            src.write(name, text);
        }
        let floors: Floors<'_> = &[&["a"], &["b"], &["c"]];
        let lines = broken_floors(src.path(), &[], floors).unwrap();
        let root = format!("{}/", src.path().display());
        lines.into_iter().map(|line| line.replace(&root, "")).collect()
    }

    #[test]
    fn downward_imports_and_those_of_a_module_itself_are_fine() {
        let files = [
            ("a.rs", "mod x; use self::x::X; use core::fmt;"),
            ("a/x.rs", "use super::Y; use crate::a::Z;"),
            ("b.rs", "use crate::a::X;"),
            ("c.rs", "use crate::{a, b::B}; fn f() { super::a::g() }"),
        ];
        assert_eq!(broken("floors_down", &files), Vec::<String>::new());
    }

    #[test]
    fn an_import_that_goes_up_is_told_with_its_line() {
        let lines = broken("floors_up", &[("a/x.rs", "\nuse crate::b::B;"), ("a.rs", "mod x;")]);
        assert_eq!(lines, ["a/x.rs:2: `a` names `b::B` of b, which does not stand below it"]);
        let lines = broken("floors_super", &[("b.rs", "fn f(x: super::c::C) {}")]);
        assert_eq!(lines, ["b.rs:1: `b` names `c::C` of c, which does not stand below it"]);
    }

    #[test]
    fn a_name_that_the_root_re_exports_is_an_import_of_its_module() {
        let lines = broken("floors_root", &[("a.rs", "use crate::Top;")]);
        assert_eq!(lines, ["a.rs:1: `a` names `Top` of c, which does not stand below it"]);
        let lines = broken("floors_glob", &[("a.rs", "use crate::Anything;")]);
        assert_eq!(lines, ["a.rs:1: `a` names `Anything` of b, which does not stand below it"]);
        assert_eq!(broken("floors_own", &[("c.rs", "use crate::Top;")]), Vec::<String>::new());
    }

    #[test]
    fn a_name_that_a_module_re_exports_is_an_import_of_both() {
        let files = [
            ("a.rs", "mod x; pub(crate) use x::Z;"),
            ("a/x.rs", "pub struct Z;"),
            ("c.rs", "pub use crate::a::Z as Y;"),
            ("b.rs", "use crate::c::Y;"),
        ];
        let lines = broken("floors_module", &files);
        assert_eq!(lines, ["b.rs:1: `b` names `c::Y` of c, which does not stand below it"]);
    }

    #[test]
    fn two_modules_of_one_floor_do_not_know_each_other() {
        let src = TempFolder::new("floors_same");
        src.write("lib.rs", "mod a; mod b;");
        src.write("a.rs", "use crate::b::B;");
        src.write("b.rs", "");
        let lines = broken_floors(src.path(), &[], &[&["a", "b"]]).unwrap();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("`a` names `b::B`"), "{lines:?}");
    }

    #[test]
    fn every_module_stands_on_one_floor() {
        let lines = broken("floors_none", &[("d.rs", ""), ("d/e.rs", "")]);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].ends_with("`d` stands on no floor"), "{lines:?}");
        let src = TempFolder::new("floors_gone");
        src.write("lib.rs", "mod a;");
        src.write("a.rs", "");
        let lines = broken_floors(src.path(), &[], &[&["a"], &["b", "a"]]).unwrap();
        assert!(
            lines.iter().any(|line| line.ends_with("no module `b` for its floor")),
            "{lines:?}"
        );
        assert!(lines.iter().any(|line| line.ends_with("`a` stands on two floors")), "{lines:?}");
    }

    #[test]
    fn what_the_root_defines_stands_above_everything() {
        let src = TempFolder::new("floors_items");
        src.write("lib.rs", "mod a; pub use other as seam; pub const LIMIT: u8 = 1;");
        src.write("a.rs", "use crate::LIMIT; use crate::seam::X; use super::unknown;");
        let lines = broken_floors(src.path(), &[], &[&["a"]]).unwrap();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("`a` names `LIMIT` of the root"), "{lines:?}");
    }

    #[test]
    fn tests_may_name_everything() {
        let files = [
            ("a.rs", "#[cfg(test)] mod tests; #[cfg(test)] mod inline { use crate::c::C; }"),
            ("a/tests.rs", "use crate::c::C;"),
            ("a/tests/more.rs", "use crate::b::B;"),
        ];
        assert_eq!(broken("floors_tests", &files), Vec::<String>::new());
    }

    #[test]
    fn the_rooms_of_a_module_have_floors_too() {
        let src = TempFolder::new("floors_within");
        src.write("lib.rs", "mod wing; pub use wing::Up;");
        src.write("wing.rs", "mod low; mod up; pub use up::Up;");
        src.write("wing/low.rs", "use crate::Up; use super::Up as Other;");
        src.write("wing/up.rs", "use super::low::Low;");
        let lines = broken_floors(src.path(), &["wing"], &[&["low"], &["up"]]).unwrap();
        assert!(lines.iter().any(|line| line.contains("`low` names `Up` of up")), "{lines:?}");
        assert!(
            lines.iter().any(|line| line.contains("`low` names `wing::Up` of up")),
            "{lines:?}"
        );
    }
}
