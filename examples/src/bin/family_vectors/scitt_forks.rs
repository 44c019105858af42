//! Heads that a service signed, and proofs that it signed two histories.

use cose_ext::crypto::Signer;
use cose_ext::cwt::ClaimKey;
use cose_ext::header::Vds;
use cose_ext::rustcrypto::{Ed25519SigningKey, P256SigningKey};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Content, Label, MapBuilder, Value as Cbor};
use merkle_proof::{MemoryTree, Sha256Tree, TreeSize};
use scitt_core::{SignedHead, SignedHeadBuilder};
use serde_json::{Value, json};

use super::Trouble;
use super::area::{Area, Case};
use super::cose::changed_at;
use super::keys::jwk;

const ISSUER: &str = "https://log.example";
const KID: &[u8] = b"log-1";
const SPEC: &str = "scitt-core, signed heads";

pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    let ed25519 = Ed25519SigningKey::from_bytes(&[9; 32])?;
    let p256 = P256SigningKey::from_bytes(&[9; 32])?;
    let stranger = Ed25519SigningKey::from_bytes(&[8; 32])?;
    for (name, key, signer) in [
        ("eddsa", jwk(&ed25519.public_key().as_public_key()), &ed25519 as &dyn Signer),
        ("es256", jwk(&p256.public_key().as_public_key()), &p256),
    ] {
        let key_file = format!("{name}-family-log.jwk.json");
        area.json(&key_file, &key);
        heads(area, name, &key_file, signer, &stranger)?;
        forks(area, name, &key_file, signer, &stranger)?;
    }
    Ok(())
}

/// A log of eight entries; those from `fork` on are of another history.
fn log(fork: u8) -> MemoryTree<Sha256Tree> {
    let mut tree = MemoryTree::new(Sha256Tree);
    for number in 0..8_u8 {
        tree.append(&[&[number, u8::from(number >= fork)]]);
    }
    tree
}

fn head(tree: &MemoryTree<Sha256Tree>, size: u64, signer: &dyn Signer) -> Result<Vec<u8>, Trouble> {
    let head = tree.head_at(size)?;
    Ok(SignedHeadBuilder::new(ISSUER, KID, &head, 1_790_000_000).sign(signer)?)
}

/// A head of any payload and subject.
fn odd_head(subject: &str, payload: &[u8], signer: &dyn Signer) -> Result<Vec<u8>, Trouble> {
    let claims = MapBuilder::new().with(ClaimKey::ISS, ISSUER).with(ClaimKey::SUB, subject);
    let message = Sign1Builder::new()
        .key_id(KID)
        .protected(Label::VDS, Cbor::Int(Vds::RFC9162_SHA256.value()))
        .cwt_claims(&claims);
    Ok(message.sign(Content::Embedded(payload), signer)?)
}

fn heads(
    area: &mut Area,
    name: &str,
    key: &str,
    signer: &dyn Signer,
    stranger: &dyn Signer,
) -> Result<(), Trouble> {
    let tree = log(8);
    let add = |area: &mut Area, case: &str, bytes: &[u8], why: &str, facts: Option<Value>| {
        let (name, is_valid) = (format!("family-head-{name}-{case}"), facts.is_some());
        let file = format!("{name}.cbor");
        area.file(&file, bytes);
        let (kind, facts) = ("signed-head", facts.unwrap_or(json!({})));
        let keys = &[key];
        area.case(&Case { name: &name, kind, spec: SPEC, file: &file, keys, is_valid, why, facts });
    };
    for size in [0, 1, 5, 8] {
        let bytes = head(&tree, size, signer)?;
        let root = hex::encode(tree.head_at(size)?.root.hash());
        let facts = json!({ "size": size, "root": root });
        add(area, &size.to_string(), &bytes, "size and root under one signature", Some(facts));
    }
    let good = head(&tree, 5, signer)?;
    let changed = changed_at(&good, good.len().saturating_sub(1));
    add(area, "signature", &changed, "a bit of the signature was changed", None);
    add(area, "stranger", &head(&tree, 5, stranger)?, "somebody else signed it", None);
    add(area, "untagged", good.get(1..).unwrap_or_default(), "the tag is missing", None);
    let root = *tree.head_at(5)?.root.hash();
    let payload =
        |size: i64, root: &[u8]| Cbor::Array(&[Cbor::from(size), Cbor::Bytes(root)]).to_bytes();
    let receipt = odd_head("scitt.receipt.v1", &payload(5, &root), signer)?;
    add(area, "subject", &receipt, "the subject is that of receipts", None);
    let short = odd_head(SignedHead::SUBJECT, &payload(5, &[7; 31]), signer)?;
    add(area, "short-root", &short, "the root has 31 bytes", None);
    let negative = odd_head(SignedHead::SUBJECT, &payload(-5, &root), signer)?;
    add(area, "negative", &negative, "the size is negative", None);
    let empty = odd_head(SignedHead::SUBJECT, &payload(0, &root), signer)?;
    add(area, "empty", &empty, "a log without entries has another root", None);
    let bare = odd_head(SignedHead::SUBJECT, &root, signer)?;
    add(area, "bare-root", &bare, "the root alone is signed, as in a receipt", None);
    Ok(())
}

/// A proof of these parts, whatever they prove.
fn proof(heads: [&[u8]; 2], other_root: &[u8; 32], path: &[[u8; 32]]) -> Vec<u8> {
    let forms = heads.map(|head| [Cbor::from(1), Cbor::Bytes(head)]);
    let path: Vec<_> = path.iter().map(|hash| Cbor::Bytes(hash)).collect();
    let [older, newer] = &forms;
    Cbor::Array(&[
        Cbor::from(1),
        Cbor::Array(older),
        Cbor::Array(newer),
        Cbor::Bytes(other_root),
        Cbor::Array(&path),
    ])
    .to_bytes()
}

fn forks(
    area: &mut Area,
    name: &str,
    key: &str,
    signer: &dyn Signer,
    stranger: &dyn Signer,
) -> Result<(), Trouble> {
    let add = |area: &mut Area, case: &str, bytes: &[u8], why: &str, facts: Option<Value>| {
        let (name, is_valid) = (format!("family-fork-{name}-{case}"), facts.is_some());
        let file = format!("{name}.cbor");
        area.file(&file, bytes);
        let (kind, facts) = ("fork-proof", facts.unwrap_or(json!({})));
        let keys = &[key];
        area.case(&Case { name: &name, kind, spec: SPEC, file: &file, keys, is_valid, why, facts });
    };
    let (one, other) = (log(8), log(0));
    for (older, newer) in [(1, 2), (3, 7), (4, 8), (5, 5), (5, 6)] {
        let heads = [head(&one, older, signer)?, head(&other, newer, signer)?];
        let other_root = *other.head_at(older)?.root.hash();
        let path = if older == newer {
            vec![]
        } else {
            other.consistency_path(TreeSize(older), TreeSize(newer))?
        };
        let bytes = proof([&heads[0], &heads[1]], &other_root, &path);
        let facts = json!({
            "older_size": older, "newer_size": newer,
            "older_root": hex::encode(one.head_at(older)?.root.hash()),
            "newer_root": hex::encode(other.head_at(newer)?.root.hash()),
        });
        let why = "the newer log begins with another log than the older one";
        add(area, &format!("{older}-{newer}"), &bytes, why, Some(facts));
    }
    let (older, newer) = (head(&one, 3, signer)?, head(&other, 7, signer)?);
    let other_root = *other.head_at(3)?.root.hash();
    let path = other.consistency_path(TreeSize(3), TreeSize(7))?;
    let later = head(&one, 7, signer)?;
    let of_one = one.consistency_path(TreeSize(3), TreeSize(7))?;
    let root = *one.head_at(3)?.root.hash();
    let honest = proof([&older, &later], &root, &of_one);
    add(area, "honest", &honest, "the newer log begins with the older one", None);
    let framed = proof([&older, &later], &other_root, &of_one);
    add(area, "framed", &framed, "the path does not lead from the other root", None);
    let mut bent = path.clone();
    if let Some(first) = bent.first_mut() {
        first[0] ^= 1;
    }
    let bent = proof([&older, &newer], &other_root, &bent);
    add(area, "path", &bent, "a bit of the path was changed", None);
    let short = proof([&older, &newer], &other_root, path.get(1..).unwrap_or_default());
    add(area, "short-path", &short, "an element of the path is missing", None);
    let swapped = proof([&newer, &older], &other_root, &path);
    add(area, "swapped", &swapped, "the older head is the larger one", None);
    let forged = head(&one, 3, stranger)?;
    let forged = proof([&forged, &newer], &other_root, &path);
    add(area, "stranger", &forged, "somebody else signed the older head", None);
    let twice = proof([&older, &older], &other_root, &[]);
    add(area, "same-head", &twice, "one head twice", None);
    Ok(())
}
