//! The texts of tile logs: notes, checkpoints, proofs that stand alone, requests to a witness.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::str;

use arbitrary::{Arbitrary, Error, Result, Unstructured};
use cose_ext::arbitrary::{View, few, text};

use super::{
    number::size,
    tree::{Hash, hashes},
};
use crate::{
    LeafIndex, Rule, TreeSize, UnauthenticatedPosition, consistency_nodes, inclusion_nodes, tlog,
    tlog::{AddCheckpoint, Base64, Checkpoint, Note, Refusal, TlogProof},
};

/// The longest line, in bytes.
const LENGTH: usize = 32;
/// The most lines of one kind.
const LINES: usize = 3;
/// Names of logs and witnesses; one note may have several signatures of one name.
const NAMES: [&str; 4] = ["example.org/log", "example.com/mirror", "witness.example/w1", "a"];
/// How long signatures are: of Ed25519, of a cosignature, of ECDSA in a tree head.
const SIGNATURES: [usize; 3] = [64, 72, 82];

/// A line that is not empty, without control characters.
fn line(u: &mut Unstructured<'_>) -> Result<String> {
    let line: String = text(u, LENGTH)?.chars().filter(|char| !char.is_control()).collect();
    Ok(if line.is_empty() { "-".to_string() } else { line })
}

fn checkpoint(u: &mut Unstructured<'_>, size: u64) -> Result<String> {
    let own = line(u)?;
    let origin = if u.ratio(3u8, 4u8)? { *u.choose(&NAMES)? } else { own.as_str() };
    let body = Checkpoint::new(origin, size, u.arbitrary()?);
    let mut text = body.map_err(|_| Error::IncorrectFormat)?.to_string();
    for _ in 0..few(u, LINES)? {
        text.push_str(&line(u)?);
        text.push('\n');
    }
    Ok(text)
}

/// The text with one to some signatures, which are any bytes.
fn signed(u: &mut Unstructured<'_>, text: String) -> Result<String> {
    let mut note = text;
    note.push('\n');
    for _ in 0..few(u, LINES)?.max(1) {
        let name = u.choose(&NAMES)?;
        let id: [u8; 4] = u.arbitrary()?;
        let mut signature = id.to_vec();
        signature.resize(u.choose(&SIGNATURES)?.saturating_add(4), 0);
        u.fill_buffer(signature.get_mut(4..).unwrap_or_default())?;
        note.push_str(&format!("\u{2014} {name} {}\n", Base64(&signature)));
    }
    Ok(note)
}

fn lines(hashes: &[Hash]) -> String {
    hashes.iter().map(|hash| format!("{}\n", Base64(hash))).collect()
}

fn proof(u: &mut Unstructured<'_>) -> Result<String> {
    let position = UnauthenticatedPosition::arbitrary(u)?;
    let (index, size) = (LeafIndex(position.leaf_index), TreeSize(position.tree_size));
    let due = inclusion_nodes(index, size).map_err(|_| Error::IncorrectFormat)?.count();
    let extra = if u.ratio(1u8, 4u8)? {
        format!("extra {}\n", Base64(line(u)?.as_bytes()))
    } else {
        String::new()
    };
    let path = lines(&hashes(u, due)?);
    let text = checkpoint(u, size.0)?;
    let note = signed(u, text)?;
    Ok(format!("c2sp.org/tlog-proof@v1\n{extra}index {index}\n{path}\n{note}"))
}

fn request(u: &mut Unstructured<'_>) -> Result<String> {
    let (one, other) = (size(u)?, size(u)?);
    let [older, newer] = [one.min(other), one.max(other)];
    // From the empty tree on nothing is to be proved.
    let due = consistency_nodes(TreeSize(older), TreeSize(newer)).map_or(0, Iterator::count);
    let path = lines(&hashes(u, due.min(63))?);
    let text = checkpoint(u, newer)?;
    let note = signed(u, text)?;
    Ok(format!("old {older}\n{path}\n{note}"))
}

impl View for Note<'static> {
    type Of<'b> = Note<'b>;
    type Error = tlog::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Note<'_>, tlog::Error> {
        Note::parse(bytes)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let size = size(u)?;
        let text =
            if u.ratio(3u8, 4u8)? { checkpoint(u, size)? } else { format!("{}\n", line(u)?) };
        signed(u, text).map(String::into_bytes)
    }
}

impl View for Checkpoint<'static> {
    type Of<'b> = Checkpoint<'b>;
    type Error = tlog::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<Checkpoint<'_>, tlog::Error> {
        let malformed = tlog::Error::Malformed { rule: Rule::CheckpointForm };
        Checkpoint::parse(str::from_utf8(bytes).map_err(|_| malformed)?)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        let size = size(u)?;
        checkpoint(u, size).map(String::into_bytes)
    }
}

impl View for TlogProof<'static> {
    type Of<'b> = TlogProof<'b>;
    type Error = tlog::Error;

    fn decode(bytes: &[u8]) -> core::result::Result<TlogProof<'_>, tlog::Error> {
        TlogProof::parse(bytes)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        proof(u).map(String::into_bytes)
    }
}

impl View for AddCheckpoint<'static> {
    type Of<'b> = AddCheckpoint<'b>;
    type Error = Refusal;

    fn decode(bytes: &[u8]) -> core::result::Result<AddCheckpoint<'_>, Refusal> {
        AddCheckpoint::parse(bytes)
    }

    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
        request(u).map(String::into_bytes)
    }
}
