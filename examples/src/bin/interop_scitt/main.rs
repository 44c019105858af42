//! What another implementation of SCITT is tried with: `interop_scitt make FILE` writes statements with receipts and
//! what breaks them, `interop_scitt read FILE` judges what another one wrote in the same form. `ci.sh interop` runs both.

mod case;
mod make;
mod read;

use std::error::Error;
use std::process::ExitCode;

/// What may go wrong, for a person to read.
type Trouble = Box<dyn Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["make", path] => make::all().and_then(|cases| {
            println!("{} statements with receipts made here", cases.len());
            case::write(path, &cases)
        }),
        ["read", path] => case::read(path).and_then(|cases| read::all(&cases)),
        _ => Err("interop_scitt make FILE, or interop_scitt read FILE".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}
