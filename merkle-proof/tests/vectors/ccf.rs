//! Consistency proofs of CCF ledgers.

use cose_ext::Profile;
use cose_ext::cbor::{Raw, Reader};
use merkle_proof::ccf::{
    AnchorReading, CcfSha256Tree, ConsistencyFold, PathElement, verify_consistency,
};
use merkle_proof::cose::CcfConsistencyProof;
use merkle_proof::{CcfLedger, MemoryTree, TreeHead, TreeSize, TrustedRoot};
use sha2::{Digest, Sha256};
use testkit::vectors::{Case, Expect, Facts, Outcome, Trouble};

use crate::receipts::refused;

type Root = TrustedRoot<CcfLedger, [u8; 32]>;

/// A proof alone, between two roots that the case states. Contested cases: the anchor is read as
/// section 4 says, so a first path element on the left is refused.
pub(crate) fn consistency(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let profile = Profile::LENIENT;
    let root = |fact: &str| {
        Root::vouched_for_bytes(&case.fact_hex(fact)?).map_err(|error| error.to_string().into())
    };
    let (older, newer): (Result<_, Trouble>, _) = (root("older_root"), root("newer_root"));
    let (older, newer) = (older?, newer?);
    let mut facts = Facts::new();
    let mut verify = || {
        let raw = Raw::decode(&bytes, 0, profile.strictness, &profile.limits.cbor);
        let mut raw = raw.map_err(cose_ext::Error::from)?;
        // Some files are the byte string of the receipt, some its content.
        if let Ok(content) = raw.read(Reader::bytes) {
            raw = Raw::decode(content, 0, profile.strictness, &profile.limits.cbor)
                .map_err(cose_ext::Error::from)?;
        }
        let proof = CcfConsistencyProof::read(&raw)?;
        let path = proof.path().collect::<Result<Vec<_>, _>>()?;
        record(&proof, &path, &mut facts);
        // Both contested cases do lead to their roots, from a deeper anchor.
        let lenient = AnchorReading::AnyThatLeadsToBothRoots;
        let root = proof.root(&CcfSha256Tree, &older, lenient)?.confirm(&newer)?;
        facts.is_hex("older_root", older.hash()).is_hex("newer_root", root.hash());
        let _ = proof.root(&CcfSha256Tree, &older, AnchorReading::Strict)?.confirm(&newer)?;
        Ok((proof, path))
    };
    let (proof, path) = match verify() {
        Ok(read) => read,
        Err(error) => return Ok(refused(&error, facts)),
    };
    if let (Ok(m), Ok(n)) = (case.fact_u64("m"), case.fact_u64("n")) {
        check_sizes((m, older), (n, newer), &proof, &path)?;
        facts.is("m", m).is("n", n);
        if case.expect == Expect::Valid && case.fact("leaf_rule").is_some() {
            facts.is("leaf_rule", made_alike(m, n, &proof, &path)?);
        }
    }
    Ok(Outcome::Accepted(facts))
}

/// Anchor and sides.
pub(crate) fn record(
    proof: &CcfConsistencyProof<'_>,
    path: &[PathElement<&[u8]>],
    facts: &mut Facts,
) {
    facts.is_hex("anchor", proof.anchor());
    facts.is("path_tags", tags(path.iter().map(|element| element.left)));
}

/// The sides, L or R.
pub(crate) fn tags(left: impl Iterator<Item = bool>) -> String {
    left.map(|left| if left { 'L' } else { 'R' }).collect()
}

/// Checks for an equal verdict where the sizes are known.
pub(crate) fn check_sizes(
    (m, older): (u64, Root),
    (n, newer): (u64, Root),
    proof: &CcfConsistencyProof<'_>,
    path: &[PathElement<&[u8]>],
) -> Result<(), Trouble> {
    let heads = (TreeHead::new(m, older), TreeHead::new(n, newer));
    let path = path.iter().copied();
    verify_consistency(&CcfSha256Tree, &heads.0, &heads.1, proof.anchor(), path)
        .map_err(|error| format!("from {m} to {n}: {error}"))?;
    let swapped =
        ConsistencyFold::between(&CcfSha256Tree, proof.anchor(), TreeSize(n), TreeSize(m));
    if swapped.is_ok() { Err("sizes that shrink are accepted".into()) } else { Ok(()) }
}

/// The leaf rule of the published samples, if the proof made here over such leaves is theirs.
fn made_alike(
    m: u64,
    n: u64,
    proof: &CcfConsistencyProof<'_>,
    path: &[PathElement<&[u8]>],
) -> Result<&'static str, Trouble> {
    let mut ledger = MemoryTree::new(CcfSha256Tree);
    for index in 0..n {
        let mut leaf = [0; 64];
        leaf[56..].copy_from_slice(&index.to_be_bytes());
        ledger.append_leaf(Sha256::digest(leaf).into());
    }
    let made = ledger
        .ccf_consistency_proof(TreeSize(m), TreeSize(n))
        .map_err(|error| error.to_string())?;
    let same_path = made.path.len() == path.len()
        && made.path.iter().zip(path).all(|(a, b)| (a.left, &a.hash[..]) == (b.left, b.hash));
    if made.anchor == proof.anchor() && same_path {
        Ok(
            "leaf(i) = SHA-256(56 zero bytes || uint64 big-endian i); node = SHA-256(left || right), no domain prefix",
        )
    } else {
        Err("the proof made here is another".into())
    }
}
