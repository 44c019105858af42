//! What other COSE libraries are tried with: `interop make FILE` writes messages of every kind with the keys that open
//! them, `interop read FILE` opens what another library wrote in the same form. `ci.sh interop` runs both.

mod case;
mod keys;
mod make;
mod make_sealed;
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
            println!("{} messages made here", cases.len());
            case::write(path, &cases)
        }),
        ["read", path] => case::read(path).and_then(|cases| read::all(&cases)),
        _ => Err("interop make FILE, or interop read FILE".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}
