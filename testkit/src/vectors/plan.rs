//! From folders to a list of tests, before any of them runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::exceptions::{Exception, Exceptions};
use super::reasons::Reasons;
use super::{Case, Expect, Trouble};

/// The variable that names another folder of areas.
pub(super) const VARIABLE: &str = "CONFORMANCE_VECTORS";

/// Where areas lie.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) root: PathBuf,
    pub(super) missing: Missing,
    /// It is a folder that `reasons.json` and `exceptions.json` were written for, so a line without a case is stale.
    pub(super) usual: bool,
}

/// What it means that a folder has no area of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The folder was asked for by name: a failure.
    Fails,
    /// One ignored test says so.
    Noted,
    /// Nothing: the crate has published no cases there.
    Nothing,
}

impl Source {
    /// The family's own folder in the workspace, and beside it the one that the variable names, or the usual one
    /// beside the workspace.
    pub(super) fn all(workspace: &Path, variable: Option<PathBuf>) -> Vec<Self> {
        let own = Self { root: workspace.join("vectors"), missing: Missing::Nothing, usual: true };
        let other = Self::new(workspace, variable);
        if is_same(&own.root, &other.root) { vec![other] } else { vec![own, other] }
    }

    /// The folder that the variable names, or the usual one beside the workspace.
    fn new(workspace: &Path, variable: Option<PathBuf>) -> Self {
        let usual = workspace.join("../shared/vectors");
        match variable.filter(|path| !path.as_os_str().is_empty()) {
            None => Source { root: usual, missing: Missing::Noted, usual: true },
            Some(path) => {
                let root = workspace.join(path);
                let usual = is_same(&root, &usual);
                Source { root, missing: Missing::Fails, usual }
            }
        }
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// One test to be.
#[derive(Debug)]
pub(super) enum Planned {
    /// A case with a runner.
    Run { case: Box<Case>, reason: Option<String>, exception: Option<Exception> },
    /// A case that is shown as ignored.
    Skip { name: String, why: String },
    /// Something that is not a case and is shown as ignored.
    Note { name: String, why: String },
    /// A test that fails for what was found while planning.
    Broken { name: String, message: String },
}

/// What a suite brings: the kinds it runs, by area, and what it says of single cases.
pub(super) struct Claims<'a> {
    pub(super) kinds: BTreeMap<&'a str, BTreeSet<&'a str>>,
    pub(super) reasons: &'a Reasons,
    pub(super) exceptions: &'a Exceptions,
}

/// Lists the tests of a suite: the cases of all folders, whose names differ.
pub(super) fn plan(sources: &[Source], claims: &Claims<'_>) -> Vec<Planned> {
    let mut planned = Vec::new();
    let mut expects = BTreeMap::new();
    let mut unread = BTreeSet::new();
    for source in sources {
        for (area, kinds) in &claims.kinds {
            let folder = source.root.join(area);
            let name = format!("{area}::vectors");
            if !folder.is_dir() {
                if let Some(missing) = missing(source.missing, name, &folder) {
                    unread.insert(*area);
                    planned.push(missing);
                }
                continue;
            }
            match entries(&folder) {
                Ok(entries) => planned.extend(entries.iter().enumerate().map(|(index, entry)| {
                    planned_case(
                        Case::from_entry(area, &folder, entry),
                        kinds,
                        claims,
                        &mut expects,
                    )
                    .unwrap_or_else(|message| Planned::Broken {
                        name: format!("{area}::{}", name_of(entry, index)),
                        message,
                    })
                })),
                Err(trouble) => {
                    unread.insert(*area);
                    planned.push(Planned::Broken { name, message: trouble.message().to_owned() });
                }
            }
        }
    }
    // What a folder that others made lacks or has more of says nothing of these lines.
    if sources.iter().all(|source| source.usual) {
        planned.extend(stale(claims, &expects, &unread));
    }
    planned
}

/// The test for an area that is not there, if there is to be one.
fn missing(missing: Missing, name: String, folder: &Path) -> Option<Planned> {
    let folder = folder.display();
    match missing {
        Missing::Fails => {
            let message = format!("{VARIABLE} is set, and there is no folder {folder}");
            Some(Planned::Broken { name, message })
        }
        Missing::Noted => {
            Some(Planned::Note { name, why: format!("no folder {folder}; {VARIABLE} is not set") })
        }
        Missing::Nothing => None,
    }
}

/// The test for one case; what is wrong with it if there can be none.
fn planned_case(
    case: Result<Case, Trouble>,
    kinds: &BTreeSet<&str>,
    claims: &Claims<'_>,
    expects: &mut BTreeMap<String, Expect>,
) -> Result<Planned, String> {
    let case = case.map_err(|trouble| trouble.message().to_owned())?;
    let id = case.id();
    if expects.insert(id.clone(), case.expect).is_some() {
        return Err("another case has this name".to_owned());
    }
    if !kinds.contains(case.kind.as_str()) {
        let why = format!("kind {} not run by this crate", case.kind);
        return Ok(Planned::Skip { name: id, why });
    }
    let reason = claims.reasons.get(&id).cloned();
    let exception = claims.exceptions.get(&id).cloned();
    Ok(Planned::Run { case: Box::new(case), reason, exception })
}

fn name_of(entry: &Value, index: usize) -> String {
    entry.get("name").and_then(Value::as_str).map_or(format!("#{index}"), str::to_owned)
}

/// The list `cases` of the folder's `cases.json`, which must not be empty.
fn entries(folder: &Path) -> Result<Vec<Value>, Trouble> {
    let path = folder.join("cases.json");
    let failed =
        |what: &dyn std::fmt::Display| Trouble::from(format!("{}: {what}", path.display()));
    let bytes = fs::read(&path).map_err(|error| failed(&error))?;
    let mut index: Value = serde_json::from_slice(&bytes).map_err(|error| failed(&error))?;
    match index.get_mut("cases").map(Value::take) {
        Some(Value::Array(entries)) if !entries.is_empty() => Ok(entries),
        Some(Value::Array(_)) => Err(failed(&"`cases` is empty")),
        _ => Err(failed(&"no list `cases`")),
    }
}

/// Lines of `reasons.json` and `exceptions.json` that say something about no case.
fn stale(
    claims: &Claims<'_>,
    expects: &BTreeMap<String, Expect>,
    unread: &BTreeSet<&str>,
) -> Vec<Planned> {
    let read = |id: &str| !unread.contains(id.split("::").next().unwrap_or_default());
    let mut tests = Vec::new();
    let mut add = |name: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            tests.push(Planned::Broken { name: name.to_owned(), message: lines.join("\n") });
        }
    };
    let reasons =
        claims.reasons.keys().filter(|id| read(id)).filter_map(|id| match expects.get(id) {
            None => Some(format!("{id}: no such case")),
            Some(Expect::Valid) if !claims.exceptions.contains_key(id) => {
                Some(format!("{id}: the case is valid"))
            }
            Some(_) => None,
        });
    add("reasons::stale", reasons.collect());
    let exceptions = claims.exceptions.keys().filter(|id| read(id) && !expects.contains_key(*id));
    add("exceptions::stale", exceptions.map(|id| format!("{id}: no such case")).collect());
    tests
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp_folder::TempFolder;

    const CASES: &str = r#"{"cases": [
        {"name": "good", "file": "g", "kind": "known", "expect": "valid"},
        {"name": "bad", "file": "b", "kind": "known", "expect": "invalid"},
        {"name": "other", "file": "o", "kind": "unseen", "expect": "valid"},
        {"name": "odd", "file": "o", "kind": "known", "expect": "perhaps"}]}"#;

    /// Plans a suite that runs kind `known` of area `area`, and writes each planned test as one line.
    fn lines(
        source: &Source,
        reasons: &[(&str, &str)],
        exceptions: &[(&str, &str)],
    ) -> Vec<String> {
        let reasons: Reasons =
            reasons.iter().map(|(case, rule)| (case.to_string(), rule.to_string())).collect();
        let reading = |text: &str| Exception::Reading(text.to_owned());
        let exceptions: Exceptions =
            exceptions.iter().map(|(case, text)| (case.to_string(), reading(text))).collect();
        let kinds = BTreeMap::from([("area", BTreeSet::from(["known"]))]);
        let claims = Claims { kinds, reasons: &reasons, exceptions: &exceptions };
        let planned = plan(std::slice::from_ref(source), &claims);
        let line = |test: &Planned| match test {
            Planned::Run { case, reason, exception } => {
                format!("run {} {reason:?} {exception:?}", case.id())
            }
            Planned::Skip { name, why } => format!("skip {name}: {why}"),
            Planned::Note { name, .. } => format!("note {name}"),
            Planned::Broken { name, message } => format!("broken {name}: {message}"),
        };
        planned.iter().map(line).collect()
    }

    fn source(folder: &TempFolder, demanded: bool, usual: bool) -> Source {
        let missing = if demanded { Missing::Fails } else { Missing::Noted };
        Source { root: folder.path().to_owned(), missing, usual }
    }

    #[test]
    fn one_test_per_case() {
        let folder = TempFolder::new("plan-cases");
        folder.write("area/cases.json", CASES);
        folder.write("elsewhere/cases.json", "not even JSON"); // nobody registered it
        let lines =
            lines(&source(&folder, true, false), &[("area::bad", "C1")], &[("area::good", "r")]);
        assert_eq!(lines[0], "run area::good None Some(Reading(\"r\"))");
        assert_eq!(lines[1], "run area::bad Some(\"C1\") None");
        assert_eq!(lines[2], "skip area::other: kind unseen not run by this crate");
        assert!(lines[3].starts_with("broken area::odd: `expect` is \"perhaps\""), "{lines:?}");
        assert_eq!(lines.len(), 4);
    }

    #[test]
    fn a_missing_area_is_noted_or_fails() {
        let folder = TempFolder::new("plan-missing");
        assert_eq!(
            lines(&source(&folder, false, true), &[("area::x", "C1")], &[]),
            ["note area::vectors"]
        );
        assert!(
            lines(&source(&folder, true, false), &[], &[])[0].starts_with("broken area::vectors")
        );
    }

    #[test]
    fn an_area_without_cases_fails() {
        for (name, content) in
            [("none", None), ("empty", Some(r#"{"cases": []}"#)), ("text", Some("?"))]
        {
            let folder = TempFolder::new(&format!("plan-area-{name}"));
            folder.write("area/README.md", "");
            if let Some(content) = content {
                folder.write("area/cases.json", content);
            }
            let lines = lines(&source(&folder, false, true), &[], &[]);
            assert!(lines.len() == 1 && lines[0].starts_with("broken area::vectors"), "{lines:?}");
        }
    }

    #[test]
    fn stale_lines_fail_in_the_usual_folder_only() {
        let folder = TempFolder::new("plan-stale");
        folder.write("area/cases.json", CASES);
        let reasons = [("area::gone", "C1"), ("area::good", "C2"), ("area::bad", "C3")];
        let exceptions = [("area::gone", "r"), ("else::x", "r")];
        let tests = lines(&source(&folder, false, true), &reasons, &exceptions);
        assert_eq!(
            tests[4],
            "broken reasons::stale: area::gone: no such case\narea::good: the case is valid"
        );
        assert_eq!(
            tests[5],
            "broken exceptions::stale: area::gone: no such case\nelse::x: no such case"
        );
        assert_eq!(lines(&source(&folder, true, false), &reasons, &exceptions).len(), 4);
    }

    #[test]
    fn the_source_follows_the_variable() {
        let folder = TempFolder::new("plan-source");
        folder.write("shared/vectors/area/cases.json", CASES);
        folder.write("work/Cargo.toml", "");
        let workspace = folder.path().join("work");
        let usual = Source::new(&workspace, None);
        assert!(usual.missing == Missing::Noted && usual.usual);
        assert!(usual.root.join("area").is_dir());
        assert_eq!(Source::new(&workspace, Some(PathBuf::new())), usual);
        let named = Source::new(&workspace, Some("../shared/vectors".into()));
        assert!(named.missing == Missing::Fails && named.usual);
        let other = Source::new(&workspace, Some(folder.path().join("other")));
        assert!(other.missing == Missing::Fails && !other.usual);
        assert_eq!(other.root, folder.path().join("other"));
    }

    #[test]
    fn the_cases_of_the_family_run_too() {
        let folder = TempFolder::new("plan-family");
        folder.write("work/vectors/area/cases.json", CASES);
        let workspace = folder.path().join("work");
        let planned = |variable: Option<&str>| {
            let sources = Source::all(&workspace, variable.map(PathBuf::from));
            let kinds = BTreeMap::from([("area", BTreeSet::from(["known"]))]);
            let (reasons, exceptions) = (Reasons::new(), Exceptions::new());
            plan(&sources, &Claims { kinds, reasons: &reasons, exceptions: &exceptions })
        };
        // Alone: four cases, and a note that the other folder is not there.
        let alone = planned(None);
        assert!(matches!(alone.last(), Some(Planned::Note { .. })) && alone.len() == 5);
        // Named by the variable, it is one folder and not two.
        assert_eq!(planned(Some("vectors")).len(), 4);
        // A name stands for one case.
        folder.write("shared/vectors/area/cases.json", CASES);
        let twice = planned(None);
        let broken = twice.iter().filter(|test| matches!(test, Planned::Broken { .. })).count();
        assert_eq!(broken, 2 + 3, "`odd` in both folders, and three names that are there twice");
    }
}
