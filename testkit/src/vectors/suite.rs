//! The suite of one crate.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use super::judge::{Judgement, judge};
use super::ledger::Ledger;
use super::plan::{Claims, Planned, Source, VARIABLE, plan};
use super::{Case, IntoOutcome, Outcome, exceptions, reasons};

type Runner = Arc<dyn Fn(&Case) -> Outcome + Send + Sync>;

/// The conformance suite of one crate: which kinds of which areas it runs, and how.
pub struct Suite {
    manifest_dir: PathBuf,
    runners: BTreeMap<(&'static str, &'static str), Runner>,
}

impl Suite {
    /// The suite of the crate in `manifest_dir`: give `env!("CARGO_MANIFEST_DIR")`.
    ///
    /// The workspace is the parent of that folder, and the crate is named as the folder is.
    pub fn new(manifest_dir: impl Into<PathBuf>) -> Self {
        Suite { manifest_dir: manifest_dir.into(), runners: BTreeMap::new() }
    }

    /// Runs the cases of `kind` in `area` with `runner`.
    ///
    /// # Panics
    ///
    /// If the kind of that area already has a runner.
    pub fn kind<R: IntoOutcome>(
        mut self,
        area: &'static str,
        kind: &'static str,
        runner: impl Fn(&Case) -> R + Send + Sync + 'static,
    ) -> Self {
        let previous =
            self.runners.insert((area, kind), Arc::new(move |case| runner(case).into_outcome()));
        assert!(previous.is_none(), "{area}: kind {kind} has two runners");
        self
    }

    /// Runs the suite with the arguments of the process, as `cargo test` gives them.
    pub fn run(self) -> ExitCode {
        let arguments = Arguments::from_args();
        let workspace = self.manifest_dir.parent().unwrap_or(Path::new("."));
        let sources = Source::all(workspace, std::env::var_os(VARIABLE).map(PathBuf::from));
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let conclusion = libtest_mimic::run(&arguments, self.trials(workspace, &sources, &ledger));
        if !arguments.list {
            print!("{}", lock(&ledger).summary(std::env::var_os("CONFORMANCE_REASONS").is_some()));
        }
        conclusion.exit_code()
    }

    fn trials(
        &self,
        workspace: &Path,
        sources: &[Source],
        ledger: &Arc<Mutex<Ledger>>,
    ) -> Vec<Trial> {
        let mut trials = Vec::new();
        let crate_name = self.manifest_dir.file_name().unwrap_or_default().to_string_lossy();
        let reasons = reasons::read(&self.manifest_dir.join("tests/reasons.json")).unwrap_or_else(
            |trouble| {
                trials.push(broken("reasons::unreadable", trouble.message()));
                Default::default()
            },
        );
        let exceptions = exceptions::read(&workspace.join("docs/exceptions.json"), &crate_name)
            .unwrap_or_else(|trouble| {
                trials.push(broken("exceptions::unreadable", trouble.message()));
                Default::default()
            });
        let mut claims =
            Claims { kinds: BTreeMap::new(), reasons: &reasons, exceptions: &exceptions };
        for (area, kind) in self.runners.keys() {
            claims.kinds.entry(area).or_default().insert(kind);
        }
        let runner_of = |case: &Case| {
            let runner = self
                .runners
                .iter()
                .find(|((area, kind), _)| *area == case.area && *kind == case.kind);
            runner.map(|(_, runner)| Arc::clone(runner))
        };
        trials.extend(
            plan(sources, &claims).into_iter().map(|planned| trial(planned, runner_of, ledger)),
        );
        trials
    }
}

/// Makes one test of what was planned.
fn trial(
    planned: Planned,
    runner_of: impl Fn(&Case) -> Option<Runner>,
    ledger: &Arc<Mutex<Ledger>>,
) -> Trial {
    let ledger = Arc::clone(ledger);
    match planned {
        Planned::Broken { name, message } => broken(name, &message),
        Planned::Note { name, why } => {
            Trial::ignorable_test(name, || Ok(Completion::ignored_with(why)))
        }
        Planned::Skip { name, why } => Trial::ignorable_test(name, move || {
            lock(&ledger).ignore();
            Ok(Completion::ignored_with(why))
        }),
        Planned::Run { case, reason, exception } => {
            let runner = runner_of(&case);
            Trial::ignorable_test(case.id(), move || {
                let runner = runner.ok_or("planned without a runner")?;
                lock(&ledger).start();
                let outcome = runner(&case);
                lock(&ledger).finish(&case, &outcome);
                match judge(&case, &outcome, reason.as_deref(), exception.as_ref()) {
                    Judgement::Passed => Ok(Completion::Completed),
                    Judgement::Ignored(why) => Ok(Completion::ignored_with(why)),
                    Judgement::Failed(message) => Err(Failed::from(message)),
                }
            })
        }
    }
}

/// A test that fails with `message`.
fn broken(name: impl Into<String>, message: &str) -> Trial {
    let message = message.to_owned();
    Trial::test(name, move || Err(Failed::from(message)))
}

/// The ledger holds plain counts: a runner that panicked elsewhere leaves them whole.
fn lock(ledger: &Mutex<Ledger>) -> std::sync::MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::temp_folder::TempFolder;
    use crate::vectors::{Facts, Trouble};

    const CASES: &str = r#"{"cases": [
        {"name": "good", "file": "good", "kind": "k", "expect": "valid", "facts": {"length": 2, "new": 1}},
        {"name": "bad", "file": "bad", "kind": "k", "expect": "invalid"},
        {"name": "differs", "file": "good", "kind": "k", "expect": "invalid"},
        {"name": "absent", "file": "absent", "kind": "k", "expect": "invalid"},
        {"name": "panics", "file": "panics", "kind": "k", "expect": "invalid"},
        {"name": "lacking", "file": "lacking", "kind": "k", "expect": "valid"},
        {"name": "unseen", "file": "u", "kind": "u", "expect": "valid"}]}"#;

    fn runner(case: &Case) -> Result<Outcome, Trouble> {
        let bytes = case.bytes()?;
        let mut facts = Facts::new();
        facts.is("length", bytes.len());
        Ok(match bytes.as_slice() {
            b"ok" => Outcome::Accepted(facts),
            b"?" => Outcome::not_run("no such algorithm"),
            b"!" => panic!("the runner panicked"),
            _ => Outcome::Refused { rule: Some("K1"), error: "broken".to_owned(), facts },
        })
    }

    #[test]
    fn a_whole_suite_runs() {
        let folder = TempFolder::new("suite");
        for (name, content) in [("good", "ok"), ("bad", "no"), ("lacking", "?"), ("panics", "!")] {
            folder.write(&format!("shared/vectors/area/{name}"), content);
        }
        folder.write("shared/vectors/area/cases.json", CASES);
        folder.write("work/my-crate/tests/reasons.json", r#"{"area::bad": "K1"}"#);
        let exception =
            r#"[{"case": "area::differs", "crate": "my-crate", "reading": "ok is ok"}]"#;
        folder.write("work/docs/exceptions.json", exception);
        let workspace = folder.path().join("work");
        let suite = Suite::new(workspace.join("my-crate")).kind("area", "k", runner);
        let ledger = Arc::default();
        let trials = suite.trials(&workspace, &Source::all(&workspace, None), &ledger);
        let arguments =
            Arguments::from_iter(["suite", "--test-threads=1", "--logfile", "/dev/null"]);
        let conclusion = libtest_mimic::run(&arguments, trials);
        assert_eq!(conclusion.num_passed, 3, "good, bad, differs");
        assert_eq!(conclusion.num_failed, 2, "absent, panics");
        assert_eq!(conclusion.num_ignored, 2, "lacking, unseen");
        let summary = lock(&ledger).summary(false);
        assert_eq!(summary, "area: facts not known here: new (1)\nvectors: 5 run, 2 ignored\n");
    }

    #[test]
    #[should_panic(expected = "two runners")]
    fn a_kind_has_one_runner() {
        let _ = Suite::new("x").kind("area", "k", runner).kind("area", "k", runner);
    }
}
