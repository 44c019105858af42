//! Tile logs: texts and files as decoders take them, and the machines, which are a reader of tiles, a policy and a witness.
//!
//! An input that begins with a byte below 4 chooses what a log, its signers and its witnesses do; every other one is a text.
#![no_main]

#[path = "tlog/policies.rs"]
mod policies;
#[path = "tlog/readers.rs"]
mod readers;
#[path = "tlog/signers.rs"]
mod signers;
#[path = "tlog/texts.rs"]
mod texts;
#[path = "tlog/witness.rs"]
mod witness;

use std::sync::OnceLock;

use fuzz::{Accept, Chosen};
use libfuzzer_sys::fuzz_target;
use merkle_proof::tlog::CoseNoteCrypto;
use merkle_proof::{MemoryTree, Rfc9162Tree, Sha256Tree, TreeHead};

type Head = TreeHead<Rfc9162Tree, [u8; 32]>;

/// The log's name.
const LOG: &str = "log.example/tiles";

/// More leaves than a tile of tiles has, so that there are three levels.
const LEAVES: u64 = 65_536 + 1_100;

fuzz_target!(|bytes: &[u8]| {
    let (machine, mut chosen) = match bytes {
        [machine @ ..4, choices @ ..] => (*machine, Chosen::by(choices)),
        text => return texts::check(text),
    };
    match machine {
        0 => readers::check(&mut chosen),
        1 => signers::check(&mut chosen),
        2 => policies::check(&mut chosen),
        _ => witness::check(&mut chosen),
    }
});

fn crypto() -> CoseNoteCrypto<'static> {
    CoseNoteCrypto::new(&Accept::NOBODY).expect("it has SHA-256")
}

/// The log's tree, of which every smaller one is a part.
fn log() -> &'static MemoryTree<Sha256Tree> {
    static LOG: OnceLock<MemoryTree<Sha256Tree>> = OnceLock::new();
    LOG.get_or_init(|| {
        let mut tree = MemoryTree::new(Sha256Tree);
        (0..LEAVES).for_each(|index| _ = tree.append(&[&entry(index)]));
        tree
    })
}

fn entry(index: u64) -> Vec<u8> {
    index.to_be_bytes()[(index % 8) as usize..].to_vec()
}

/// Sizes of all levels, and those where a tile begins or ends.
fn size(chosen: &mut Chosen<'_>) -> u64 {
    let size = chosen.below(65_536) as u64;
    match chosen.byte() % 6 {
        0 => size % 5,
        1 => size % 300,
        2 => 65_536 + size % 1_100,
        3 => size & !255,
        4 => size | 255,
        _ => size,
    }
}

fn head(size: u64) -> Head {
    log().head_at(size).expect("within the log")
}

/// A refusal has words, and a rule where there is one.
fn refused<E: std::error::Error>(error: &E) {
    assert!(!error.to_string().is_empty());
}
