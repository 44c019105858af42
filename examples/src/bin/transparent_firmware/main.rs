//! The life of a firmware release that everybody can see: made, signed, registered at two logs under policies that stand in
//! the logs themselves, installed by a device that is offline, attested with its SUIT_Report, rated, delivered over TEEP,
//! withdrawn, audited; a library that turns bad; then the attacks, each refused or alarmed with its rule.
//!
//! `cargo run --release -p examples --bin transparent_firmware`, with `-- --json` for machines. Ends well only if every
//! scene came out as it should.

mod agent;
mod attacks;
mod attested_log;
mod board;
mod cast;
mod chapters;
mod evidence;
mod library;
mod rating;
mod replay;
mod service;
mod tam;
mod told;
mod verifier;
mod world;

use std::{error::Error, process::ExitCode, time::Instant};

use crate::{
    told::{Form, Told},
    world::World,
};

/// What may go wrong, for a person to read.
pub(crate) type Trouble = Box<dyn Error>;

fn main() -> ExitCode {
    let form = match std::env::args().nth(1).as_deref() {
        Some("--json") => Form::Json,
        _ => Form::Text,
    };
    match story(form) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("\nnot as it should be: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn story(form: Form) -> Result<(), Trouble> {
    let begun = Instant::now();
    let mut told = Told::new(form);
    let mut world = World::new()?;
    world.two_services(&mut told)?;
    world.a_release(&mut told)?;
    world.a_device_offline(&mut told)?;
    world.evidence(&mut told)?;
    world.the_next_release(&mut told)?;
    world.a_withdrawal(&mut told)?;
    world.a_library_turns_bad(&mut told)?;
    world.the_logs_replayed(&mut told)?;
    told.chapter("Attacks");
    attacks::all(&mut world, &mut told)?;
    told.end(begun.elapsed())
}
