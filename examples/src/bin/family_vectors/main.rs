//! Writes the family's own vectors: what these crates make, from fixed keys, valid and broken, with the verdict
//! that is due.
//!
//! `family_vectors vectors` writes the files of `cose`, `merkle`, `scitt` and `suit`. `family_vectors vectors --check` compares
//! instead: what was published once never changes, it is only added to.

mod area;
mod cose;
mod cose_broken;
mod cose_encrypt;
mod cose_heapless;
mod cose_rsa;
mod keys;
mod merkle;
mod scitt;
mod scitt_forks;
mod scitt_statements;
mod suit;
mod suit_processing;
mod suit_second;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use area::{Area, Mode};

pub(crate) type Trouble = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Trouble> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let mode = match arguments.next().as_deref() {
        None => Mode::Write,
        Some("--check") => Mode::Check,
        Some(other) => return Err(format!("{other} is not known").into()),
    };
    make(&folder, mode)
}

fn make(folder: &Path, mode: Mode) -> Result<(), Trouble> {
    let mut areas = [Area::new("cose"), Area::new("merkle"), Area::new("scitt"), Area::new("suit")];
    let [cose_area, merkle_area, scitt_area, suit_area] = &mut areas;
    cose::make(cose_area)?;
    cose_broken::make(cose_area)?;
    keys::make(cose_area)?;
    cose_rsa::make(cose_area)?;
    cose_encrypt::make(cose_area)?;
    cose_heapless::make(cose_area)?;
    merkle::make(merkle_area);
    scitt::make(scitt_area)?;
    scitt_statements::make(scitt_area)?;
    scitt_forks::make(scitt_area)?;
    suit::make(suit_area)?;
    suit_processing::make(suit_area)?;
    suit_second::make(suit_area)?;
    for area in areas {
        area.finish(folder, mode)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_published_never_changes() {
        let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors");
        make(&vectors, Mode::Check).unwrap();
    }
}
