//! Receipts of vds 1, and Signed Statements with them.

use cose_ext::MapBuilder;
use cose_ext::crypto::Signer;
use cose_ext::cwt::ClaimKey;
use cose_ext::header::Vds;
use cose_ext::rustcrypto::{Ed25519SigningKey, P256SigningKey};
use cose_ext::{Profile, Sign1};
use merkle_proof::cose::{ReceiptBuilder, encode_inclusion, encode_mmr_inclusion};
use merkle_proof::mmr::{MemoryMmr, MmrSha256, leaf_node, peaks};
use merkle_proof::{LeafIndex, MemoryTree, Sha256Tree, TreeSize, UnauthenticatedPosition};
use serde_json::{Value, json};

use super::Trouble;
use super::area::{Area, Case};
use super::cose::changed_at;
use super::keys::jwk;

const LOG: &str = "family-log.jwk.json";
const KID: &[u8] = b"log-1";

pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    let ed25519 = Ed25519SigningKey::from_bytes(&[9; 32])?;
    let p256 = P256SigningKey::from_bytes(&[9; 32])?;
    receipts(area, "eddsa", &jwk(&ed25519.public_key().as_public_key()), &ed25519)?;
    receipts(area, "es256", &jwk(&p256.public_key().as_public_key()), &p256)?;
    ranges(area, "eddsa", &jwk(&ed25519.public_key().as_public_key()), &ed25519)
}

/// Receipts of a Merkle Mountain Range (vds 3), and each of them broken.
fn ranges(area: &mut Area, name: &str, key: &Value, signer: &dyn Signer) -> Result<(), Trouble> {
    let key_file = format!("{name}-{LOG}");
    area.json(&key_file, key);
    let mut range = MemoryMmr::new(MmrSha256);
    for number in 0..7_u8 {
        range.append(&[&[number]])?;
    }
    let size = range.accumulator().size();
    for leaf in [0, 3, 5, 6] {
        let index = leaf_node(leaf).ok_or("no such leaf")?;
        let path = range.inclusion_path(index, size)?;
        let peak = peaks(size)?.find(|peak| index <= peak.index).ok_or("no peak")?;
        let peak = *range.node(peak.index).ok_or("no node")?;
        let receipt = ReceiptBuilder::new(Vds::MMR_SHA256)
            .key_id(KID)
            .inclusion(encode_mmr_inclusion(index, &path))
            .sign(&peak, signer)?;
        let entry = hex::encode([u8::try_from(leaf)?]);
        let path: Vec<String> = path.iter().map(hex::encode).collect();
        let facts = json!({
            "vds": 3, "alg": signer.algorithm().value(), "entry_hex": entry,
            "proofs": [{ "index": index, "path": path }], "payload_detached": true,
        });
        let case = format!("family-range-receipt-{leaf}");
        add(area, &case, &receipt, &key_file, None, facts);
        let changed = changed_at(&receipt, receipt.len().saturating_sub(1));
        let why = "a bit of the signature was changed";
        let broken = facts_of_broken(&entry);
        add(area, &format!("{case}-signature"), &changed, &key_file, Some(why), broken);
        let other = facts_of_broken(&hex::encode(b"never logged"));
        let why = "the entry is another";
        add(area, &format!("{case}-entry"), &receipt, &key_file, Some(why), other);
    }
    Ok(())
}

/// Receipts of inclusion for leaves of several trees, and each of them broken.
fn receipts(area: &mut Area, name: &str, key: &Value, signer: &dyn Signer) -> Result<(), Trouble> {
    let key_file = format!("{name}-{LOG}");
    area.json(&key_file, key);
    let mut log = MemoryTree::new(Sha256Tree);
    for number in 0..8_u8 {
        log.append(&[&[number]]);
    }
    for (size, leaf) in [(1, 0), (2, 1), (5, 4), (8, 0), (8, 7)] {
        let position = UnauthenticatedPosition { tree_size: size, leaf_index: leaf };
        let path = log.inclusion_path(LeafIndex(leaf), TreeSize(size))?;
        let head = log.head_at(size)?;
        let claims = MapBuilder::new()
            .with(ClaimKey::ISS, "https://log.example")
            .with(ClaimKey::SUB, "family")
            .with(ClaimKey::IAT, 1_790_000_000);
        let receipt = ReceiptBuilder::new(Vds::RFC9162_SHA256)
            .key_id(KID)
            .cwt_claims(&claims)
            .inclusion(encode_inclusion(position, &path))
            .sign(head.root.hash(), signer)?;
        let entry = hex::encode([u8::try_from(leaf)?]);
        let path: Vec<String> = path.iter().map(hex::encode).collect();
        let proofs = json!([{ "tree_size": size, "leaf_index": leaf, "path": path }]);
        let view = Sign1::decode(&receipt, &Profile::LENIENT)?;
        let facts = json!({
            "vds": 1, "alg": view.algorithm()?.value(), "entry_hex": entry,
            "proofs": proofs, "payload_detached": true,
        });
        let case = format!("family-receipt-{name}-{size}-{leaf}");
        add(area, &case, &receipt, &key_file, None, facts);
        let last = receipt.len().saturating_sub(1);
        let broken = facts_of_broken(&entry);
        let changed = changed_at(&receipt, last);
        let why = "a bit of the signature was changed";
        add(area, &format!("{case}-signature"), &changed, &key_file, Some(why), broken.clone());
        let why = "the entry is another";
        let other = facts_of_broken(&hex::encode(b"never logged"));
        add(area, &format!("{case}-entry"), &receipt, &key_file, Some(why), other);
        let untagged = receipt.get(1..).unwrap_or_default();
        let why = "the tag of COSE_Sign1 is missing (RFC 9942 4.3)";
        add(area, &format!("{case}-untagged"), untagged, &key_file, Some(why), broken);
    }
    Ok(())
}

fn facts_of_broken(entry: &str) -> Value {
    json!({ "entry_hex": entry })
}

fn add(area: &mut Area, name: &str, receipt: &[u8], key: &str, broken: Option<&str>, facts: Value) {
    let file = format!("{name}.cbor");
    area.file(&file, receipt);
    let why = broken.unwrap_or("a leaf of the tree, and the root signed");
    let (kind, spec) = ("receipt-of-inclusion", "RFC 9942 5.2");
    let is_valid = broken.is_none();
    area.case(&Case { name, kind, spec, file: &file, keys: &[key], is_valid, why, facts });
}
