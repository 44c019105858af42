//! A file becomes a transparent statement and is verified offline; three attacks are refused.
//!
//! `cargo run --release -p examples --bin quickstart -- [FILE]`

mod attack;
mod folder;
mod make;
mod relying_party;
mod story;

use std::{error::Error, path::PathBuf, process::ExitCode};

use folder::Folder;
use relying_party::RelyingParty;
use story::{step, took};

fn main() -> ExitCode {
    match tell() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nnot as it should be: {error}");
            ExitCode::FAILURE
        }
    }
}

fn tell() -> Result<(), Box<dyn Error>> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let file = std::env::args_os().nth(1).map_or_else(|| PathBuf::from(default), PathBuf::from);
    let artifact = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let folder = Folder::create("quickstart-out")?;

    println!("the artifact is {}, {} bytes", file.display(), artifact.len());
    let made = make::all(&artifact, &folder)?;

    step("verify, from those files alone");
    let artifact = std::fs::read(&file)?;
    let party = RelyingParty::read(&folder)?;
    let (verdict, time) = took(|| party.verify(&artifact));
    println!("   {}", verdict?);
    println!("   in {time}");

    step("three attacks");
    attack::changed_artifact(&party, &artifact)?;
    attack::grafted_receipt(&party, &artifact, &made)?;
    attack::unknown_service(&party, &artifact, &made)?;

    println!("\nall as it should be; the files are in {}", folder.display());
    Ok(())
}
