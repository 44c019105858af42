#![no_std]
#![no_main]
//! A device without heap. It holds three trust anchors, verifies a transparent statement and a transparent SUIT envelope,
//! carries the manifest out on a flash in memory, and starts the image; then it is given what it must refuse. Every verdict
//! is printed, and the exit code is 0 only if each is the one that is due.

mod anchors;
mod board;
mod crypto;
mod statement;
mod told;
mod update;

use core::hint::black_box;

use suit_manifest::Procedure;

use crate::{anchors::Anchors, board::Board, told::Told, update::process};

static STATEMENT: &[u8] = include_bytes!("../../canary/fixtures/p256/transparent-statement.scitt");
static GRAFTED_STATEMENT: &[u8] =
    include_bytes!("../../canary/fixtures/p256/grafted-statement.scitt");
/// With a receipt by another key, under the name and key identifier of the service.
static STRANGERS_STATEMENT: &[u8] =
    include_bytes!("../../canary/fixtures/transparent-statement.scitt");
static ARTIFACT: &[u8] = include_bytes!("../../canary/fixtures/p256/artifact.bin");

static UPDATE: &[u8] = include_bytes!("../../canary/fixtures/device/update.suit");

/// What is refused, by which rule, and what is changed.
static ATTACKS: [(&str, &[u8], &str); 5] = [
    (
        "an image that is not the one of the manifest",
        include_bytes!("../../canary/fixtures/device/changed-image.suit"),
        "P18",
    ),
    (
        "a manifest with another digest of the image",
        include_bytes!("../../canary/fixtures/device/changed-digest.suit"),
        "F25",
    ),
    (
        "a release with the receipt of another one",
        include_bytes!("../../canary/fixtures/device/grafted.suit"),
        "S14",
    ),
    (
        "an older release with a good receipt",
        include_bytes!("../../canary/fixtures/device/rolled-back.suit"),
        "F31",
    ),
    (
        "a release that a service logged whose key is not known",
        include_bytes!("../../canary/fixtures/device/unknown-service.suit"),
        "F28",
    ),
];

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let Ok(anchors) = Anchors::burnt_in() else { return -1 };
    let mut told = Told::new();
    statements(&anchors, &mut told);
    let mut board = Board::new();
    release(&anchors, &mut board, &mut told);
    attacks(&anchors, &board, &mut told);
    told.wrong
}

// Everything that is verified is handed over as if it had come over a wire: nothing of it is known to the compiler.

#[inline(never)]
fn statements(anchors: &Anchors, told: &mut Told) {
    let verify = |statement, artifact| {
        statement::verify(black_box(statement), black_box(artifact), anchors)
            .map_err(|error| error.rule())
    };
    told.begins();
    told.accepted("a transparent statement about the artifact", verify(STATEMENT, ARTIFACT), true);
    told.begins();
    let grafted = verify(GRAFTED_STATEMENT, ARTIFACT);
    told.refused("a statement with the receipt of another one", grafted, "S14", true);
    told.begins();
    let unknown = verify(STRANGERS_STATEMENT, ARTIFACT);
    told.refused(
        "a statement with a receipt by an unknown key of the service",
        unknown,
        "S17",
        true,
    );
    told.begins();
    let other = verify(STATEMENT, b"another artifact");
    told.refused("a statement about another artifact", other, "C41", true);
}

#[inline(never)]
fn release(anchors: &Anchors, board: &mut Board, told: &mut Told) {
    let run = |procedure, board: &mut Board| {
        process(black_box(UPDATE), procedure, anchors, board).map_err(|refusal| refusal.rule)
    };
    told.begins();
    let outcome = run(Procedure::Update, board);
    told.accepted("release 5, installed", outcome, board.image() == ARTIFACT);
    told.begins();
    let outcome = run(Procedure::Invoke, board);
    told.accepted("release 5, started", outcome, board.started == 1);
    told.begins();
    let outcome = run(Procedure::Update, board);
    told.accepted("release 5 once more", outcome, board.image() == ARTIFACT);
}

#[inline(never)]
fn attacks(anchors: &Anchors, board: &Board, told: &mut Told) {
    for (what, envelope, rule) in ATTACKS {
        let mut board = board.clone();
        told.begins();
        let outcome = process(black_box(envelope), Procedure::Update, anchors, &mut board);
        let outcome = outcome.map_err(|refusal| refusal.rule);
        told.refused(what, outcome, rule, board.started == 1);
        // Whatever has become of the flash, nothing but the image of the manifest is ever started.
        if board.image() != ARTIFACT {
            told.begins();
            let outcome = process(black_box(UPDATE), Procedure::Invoke, anchors, &mut board);
            let outcome = outcome.map_err(|refusal| refusal.rule);
            told.refused("  and starting what it left", outcome, "P18", board.started == 1);
        }
    }
}
