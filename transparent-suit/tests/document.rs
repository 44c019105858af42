//! docs/transparent-suit.md: it states every rule, and its examples are what the crate makes.
//!
//! `WRITE_EXAMPLES=1` writes the examples into the document.

#[path = "support/world.rs"]
mod world;

use std::{fs, path::Path};

use transparent_suit::{
    Rule,
    cose_ext::{
        Profile,
        crypto::Algorithm,
        diag::{CoseNames, Layout, print_as},
    },
    profile,
    scitt_core::SignedStatement,
};
use world::*;

const BEGIN: &str = "<!-- examples: written by transparent-suit/tests/document.rs -->\n";
const END: &str = "<!-- end of examples -->";

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/transparent-suit.md")
}

#[test]
fn every_rule_stands_in_the_document() {
    let text = fs::read_to_string(path()).unwrap();
    for rule in Rule::ALL {
        let id = rule.id();
        let is_there = text.match_indices(id).any(|(place, _)| {
            let before = text[..place].chars().next_back();
            let after = text[place + id.len()..].chars().next();
            matches!(before, Some('[' | ' ')) && matches!(after, Some(']' | ','))
        });
        assert!(is_there, "{id} stands in no bracket");
    }
}

#[test]
fn the_examples_are_what_the_crate_makes() {
    let text = fs::read_to_string(path()).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (found, after) = rest.split_once(END).unwrap();
    let made = examples();
    if std::env::var_os("WRITE_EXAMPLES").is_some() {
        fs::write(path(), [before, BEGIN, &made, END, after].concat()).unwrap();
    } else {
        assert_eq!(found, made, "WRITE_EXAMPLES=1 writes them");
    }
}

fn examples() -> String {
    let envelope = release(8);
    let block = block_of(&envelope);
    let mut log = TestLog::a();
    log.receipt_for(&block_of(&release(7)));
    let receipt = log.receipt_for(&block);
    let with_receipt = block.with_receipts(&[&receipt]).unwrap();
    let statement = SignedStatement::decode(block.as_bytes(), &Profile::LENIENT).unwrap();
    let entry = profile::ENTRY_RULE.entry(statement.message(), block.digest()).parts().concat();
    let leaf = context().hash(Algorithm::SHA256, &[&[0], &entry]).unwrap();
    let bytes = with_blocks(envelope, &[&with_receipt]);
    // What the document shows is what a device takes.
    assert_eq!(update(&bytes, 1, Some(7)), Ok(1));
    [
        text("The SUIT_Digest, which the block signs:", block.digest()),
        text("The block, before it was registered:", block.as_bytes()),
        text("The receipt of a log of two entries, of which the block is the second:", &receipt),
        format!(
            "The entry, {} bytes, and its leaf hash:\n\n```\n{}\n{}\n```\n\n",
            entry.len(),
            wrapped(&entry),
            hex::encode(leaf.as_ref()),
        ),
        format!(
            "The envelope, {} bytes, of which the block takes {} and its receipt {}:\n\n```\n{}\n```\n",
            bytes.len(),
            with_receipt.len(),
            receipt.len(),
            wrapped(&bytes),
        ),
    ]
    .concat()
}

fn text(title: &str, bytes: &[u8]) -> String {
    let mut notation = String::new();
    print_as(bytes, &CoseNames, Layout::Indented, &mut notation).unwrap();
    format!("{title}\n\n```cbor-diag\n{}\n```\n\n", notation.trim_end())
}

fn wrapped(bytes: &[u8]) -> String {
    let lines: Vec<_> = bytes.chunks(32).map(hex::encode).collect();
    lines.join("\n")
}
