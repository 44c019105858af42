//! The probes of transparency-dev/merkle: one proof each, in JSON, hashes in base64.

use base64ct::{Base64, Encoding};
use merkle_proof::subtree_proof::{
    verify_empty_subtree, verify_subtree_consistency, verify_subtree_inclusion,
};
use merkle_proof::{
    Error, LeafIndex, Sha256Tree, Subtree, TreeHead, TreeSize, TrustedRoot, verify_consistency,
    verify_inclusion,
};
use serde_json::Value;
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::outcome;

const TREE: Sha256Tree = Sha256Tree;

type Root = TrustedRoot<merkle_proof::Rfc9162Tree, [u8; 32]>;

/// The members of a probe, and what was read of it as facts.
struct Probe {
    json: Value,
    facts: Facts,
}

impl Probe {
    fn new(case: &Case) -> Result<Self, Trouble> {
        Ok(Self { json: case.json()?, facts: Facts::new() })
    }

    fn number(&mut self, member: &str, fact: &str) -> Result<u64, Trouble> {
        let number = self.json.get(member).and_then(Value::as_u64);
        let number = number.ok_or_else(|| format!("`{member}` is no number"))?;
        self.facts.is(fact, number);
        Ok(number)
    }

    fn bytes(&mut self, member: &str, fact: &str) -> Result<Vec<u8>, Trouble> {
        let bytes = base64(self.json.get(member).unwrap_or(&Value::Null))?;
        self.facts.is_hex(fact, &bytes);
        Ok(bytes)
    }

    fn path(&mut self) -> Result<Vec<Vec<u8>>, Trouble> {
        let path = match self.json.get("proof") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(path)) => path.iter().map(base64).collect::<Result<_, _>>()?,
            Some(_) => return Err("`proof` is no list".into()),
        };
        self.facts.is("path_len", path.len());
        Ok(path)
    }
}

pub(crate) fn base64(value: &Value) -> Result<Vec<u8>, Trouble> {
    let text = value.as_str().ok_or("a hash that is no string")?;
    Base64::decode_vec(text).map_err(|error| format!("{text}: {error}").into())
}

/// A hash of 32 bytes and nothing else (M2).
pub(crate) fn hash(bytes: &[u8]) -> Result<[u8; 32], Error> {
    Root::vouched_for_bytes(bytes).map(|root| *root.hash())
}

pub(crate) fn inclusion(case: &Case) -> Result<Outcome, Trouble> {
    let mut probe = Probe::new(case)?;
    let index = probe.number("leafIdx", "leaf_index")?;
    let size = probe.number("treeSize", "tree_size")?;
    let (leaf, root) = (probe.bytes("leafHash", "leaf_hash")?, probe.bytes("root", "root")?);
    let path = probe.path()?;
    let verify = || {
        let head = TreeHead::new(size, Root::vouched_for_bytes(&root)?);
        verify_inclusion(&TREE, &hash(&leaf)?, LeafIndex(index), &path, &head)
    };
    Ok(outcome(verify(), probe.facts))
}

/// Between sizes of which the older is 0, nothing is proved: the reading of the probes and of
/// `verify_consistency`. A witness has `verify_extension`.
pub(crate) fn consistency(case: &Case) -> Result<Outcome, Trouble> {
    let mut probe = Probe::new(case)?;
    let (size1, size2) = (probe.number("size1", "size1")?, probe.number("size2", "size2")?);
    let (root1, root2) = (probe.bytes("root1", "root1")?, probe.bytes("root2", "root2")?);
    let path = probe.path()?;
    let verify = || {
        let older = TreeHead::new(size1, Root::vouched_for_bytes(&root1)?);
        let newer = TreeHead::new(size2, Root::vouched_for_bytes(&root2)?);
        verify_consistency(&TREE, &older, &newer, &path)
    };
    Ok(outcome(verify(), probe.facts))
}

pub(crate) fn subtree_inclusion(case: &Case) -> Result<Outcome, Trouble> {
    let mut probe = Probe::new(case)?;
    let index = probe.number("leafIdx", "leaf_index")?;
    let (start, end) = (probe.number("start", "start")?, probe.number("end", "end")?);
    let (leaf, root) = (probe.bytes("leafHash", "leaf_hash")?, probe.bytes("root", "root")?);
    let path = probe.path()?;
    let verify = || {
        let subtree = Subtree::new(start, end)?;
        let root = Root::vouched_for_bytes(&root)?;
        verify_subtree_inclusion(&TREE, &hash(&leaf)?, LeafIndex(index), subtree, &path, &root)
    };
    Ok(outcome(verify(), probe.facts))
}

pub(crate) fn subtree_consistency(case: &Case) -> Result<Outcome, Trouble> {
    let mut probe = Probe::new(case)?;
    let (start, end) = (probe.number("start", "start")?, probe.number("end", "end")?);
    let size = probe.number("size", "size")?;
    let (root1, root2) = (probe.bytes("root1", "root1")?, probe.bytes("root2", "root2")?);
    let path = probe.path()?;
    let verify = || {
        let (subtree, claimed) = (Subtree::new(start, end)?, hash(&root1)?);
        if subtree.is_empty() {
            // Says nothing of the tree, so the tree's root does not matter, nor what it looks like.
            return verify_empty_subtree(&TREE, subtree, &claimed, &path, TreeSize(size));
        }
        let head = TreeHead::new(size, Root::vouched_for_bytes(&root2)?);
        verify_subtree_consistency(&TREE, subtree, &claimed, &path, &head)
    };
    Ok(outcome(verify(), probe.facts))
}

/// Several inclusion proofs in one file: all of them verify, or the case is refused with the first that does not.
pub(crate) fn inclusion_list(case: &Case) -> Result<Outcome, Trouble> {
    let json = case.json()?;
    let list = json.as_array().ok_or("the file is no list")?;
    let mut facts = Facts::new();
    facts.is("count", list.len());
    let mut verdict = Ok(());
    for item in list {
        let number = |name: &str| item.get(name).and_then(Value::as_u64).ok_or("no such number");
        let bytes = |name: &str| base64(item.get(name).unwrap_or(&Value::Null));
        let (index, size) = (number("leaf_index")?, number("tree_size")?);
        let (leaf, root) = (bytes("leaf_hash")?, bytes("root_hash")?);
        let path = item.get("inclusion_path").and_then(Value::as_array).ok_or("no path")?;
        let path = path.iter().map(base64).collect::<Result<Vec<_>, _>>()?;
        let verify = || {
            let head = TreeHead::new(size, Root::vouched_for_bytes(&root)?);
            verify_inclusion(&TREE, &hash(&leaf)?, LeafIndex(index), &path, &head)
        };
        verdict = verdict.and_then(|()| verify());
    }
    Ok(outcome(verdict, facts))
}
