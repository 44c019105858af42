//! Runs published vectors with crates of others: `peers VECTORS` prints a JSON object a line, with the library, the kind, the
//! case, what is stated of it, and, where the library differs, its own words.
#![forbid(unsafe_code)]

mod messages;
mod results;
mod suit;
mod vectors;
mod wrappers;

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;
use vectors::Case;

/// What a library said of a case: the payload or nothing where it was taken, its words where it was refused.
type Verdict = Result<(), String>;

/// Prints what `run` says of every case of those kinds; a case for which there is no way to ask is left out.
fn judge(library: &str, cases: &[Case], kinds: &[&str], run: impl Fn(&Case) -> Option<Verdict>) {
    for case in cases.iter().filter(|case| kinds.contains(&case.kind.as_str())) {
        let ran = std::panic::catch_unwind(AssertUnwindSafe(|| run(case)));
        let Some(verdict) = ran.unwrap_or_else(|_| Some(Err("panics".to_owned()))) else {
            continue;
        };
        let words = match (verdict, case.is_valid) {
            (Err(words), _) if words == "panics" => Some(words),
            (Ok(()), true) | (Err(_), false) => None,
            (Ok(()), false) => Some("accepts it".to_owned()),
            (Err(words), true) => Some(words.chars().take(90).collect()),
        };
        let stated = if case.is_valid { "valid" } else { "invalid" };
        println!(
            "{}",
            json!({"library": library, "kind": case.kind, "case": case.name, "stated": stated, "words": words})
        );
    }
}

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("peers VECTORS");
        return ExitCode::FAILURE;
    };
    let of = |area: &str| vectors::read(&folder.join(area));
    let (cose, suit, rats) = (of("cose"), of("suit"), of("rats"));
    judge("coset 0.4.2", &cose, &["cose-sign1"], messages::sign1);
    judge("suit_validator 0.1.3", &suit, &["envelope"], suit::envelope);
    judge("cmw 0.1.2", &rats, &["cmw-cbor"], wrappers::cbor);
    judge("cmw 0.1.2", &rats, &["cmw-json"], wrappers::json);
    judge("ear 0.6.0", &rats, &["ear-jwt"], results::jwt);
    judge("ear 0.6.0", &rats, &["ear-cwt"], results::cwt);
    ExitCode::SUCCESS
}
