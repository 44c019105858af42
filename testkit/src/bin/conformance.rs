//! Writes `docs/conformance.md` from the rules of each crate and the names of their tests; `--check` compares.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use testkit::Trouble;
use testkit::conformance::{CrateRules, RuleRow, page};

/// What every enum offers that `spec_rules::rules!` made.
macro_rules! rules {
    ($krate:ident) => {
        $krate::Rule::ALL.iter().map(|rule| RuleRow::new(rule.id(), rule.clause(), rule.holds()))
    };
}

/// One line per crate that has rules.
fn crates(workspace: &Path) -> Result<Vec<CrateRules>, Trouble> {
    Ok(vec![
        CrateRules::read(workspace, "cose-ext", rules!(cose_ext))?,
        CrateRules::read(workspace, "merkle-proof", rules!(merkle_proof))?,
        CrateRules::read(workspace, "scitt-core", rules!(scitt_core))?,
        CrateRules::read(workspace, "rats-eat", rules!(rats_eat))?,
        CrateRules::read(workspace, "suit-manifest", rules!(suit_manifest))?,
        CrateRules::read(workspace, "teep-msg", rules!(teep_msg))?,
        CrateRules::read(workspace, "transparent-suit", rules!(transparent_suit))?,
    ])
}

fn run() -> Result<(), Trouble> {
    let check = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => false,
        [flag] if flag == "--check" => true,
        other => return Err(format!("unknown arguments: {}", other.join(" ")).into()),
    };
    let workspace =
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no workspace above testkit")?;
    let text = page(&crates(workspace)?).map_err(|problems| problems.join("\n"))?;
    let path = workspace.join("docs/conformance.md");
    if !check {
        return fs::write(&path, text)
            .map_err(|error| format!("{}: {error}", path.display()).into());
    }
    match fs::read_to_string(&path) {
        Ok(committed) if committed == text => Ok(()),
        Ok(_) => {
            Err("docs/conformance.md is out of date: run the generator without --check".into())
        }
        Err(error) => Err(format!("{}: {error}", path.display()).into()),
    }
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{}", trouble.message());
            ExitCode::FAILURE
        }
    }
}
