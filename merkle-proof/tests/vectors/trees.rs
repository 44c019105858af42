//! Whole trees, and what a real log answered.

use std::fmt::Write;

use merkle_proof::subtree_proof::verify_subtree_inclusion;
use merkle_proof::{
    LeafIndex, MemoryTree, Node, Sha256Tree, Subtree, TreeHash, TreeHead, TreeSize, TrustedRoot,
    verify_consistency, verify_inclusion,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use testkit::vectors::{Case, Facts, Outcome, SubCases, Trouble};

use crate::outcome;
use crate::probes::{base64, hash};

pub(crate) fn member<'v>(json: &'v Value, name: &str) -> Result<&'v Vec<Value>, Trouble> {
    let list = json.get(name).and_then(Value::as_array);
    list.ok_or_else(|| format!("the file has no list `{name}`").into())
}

pub(crate) fn from_hex(value: &Value) -> Result<Vec<u8>, Trouble> {
    let bytes = value.as_str().and_then(|text| hex::decode(text).ok());
    bytes.ok_or_else(|| format!("{value} is no hex").into())
}

pub(crate) fn same(found: impl AsRef<[u8]>, stated: &Value) -> Result<(), String> {
    let found = hex::encode(found);
    if stated.as_str() == Some(&found) { Ok(()) } else { Err(format!("{found}, not {stated}")) }
}

pub(crate) fn tree(case: &Case) -> Result<Outcome, Trouble> {
    let json = case.json()?;
    let (mut tree, mut checks) = (MemoryTree::new(Sha256Tree), SubCases::new());
    for input in member(&json, "leaf_inputs")? {
        tree.append(&[&from_hex(input)?]);
    }
    for (level, row) in (0..).zip(member(&json, "node_hashes_by_level")?) {
        for (index, stated) in (0..).zip(row.as_array().ok_or("a level that is no list")?) {
            let found = tree.node(Node { level, index }).ok_or("the tree has no such node")?;
            checks.check(format!("node {index} of level {level}"), same(found, stated));
        }
    }
    let roots = member(&json, "roots_by_size")?;
    for (size, stated) in (0..).zip(roots) {
        let head = tree.head_at(size).map_err(|error| error.to_string())?;
        checks.check(format!("root at size {size}"), same(head.root.hash(), stated));
    }
    let mut facts = Facts::new();
    facts.is("tree_sizes", roots.len());
    facts.is_hex(format!("root_{}", tree.size()), tree.head().root.hash());
    Ok(checks.outcome(facts))
}

/// One digest over what an algorithm gives for every subtree of a tree of 130 leaves.
pub(crate) fn rolling_digest(case: &Case) -> Result<Outcome, Trouble> {
    const LEAVES: u8 = 130;
    let json = case.json()?;
    let line = json.get("line").and_then(Value::as_str).ok_or("the file has no `line`")?;
    let mut tree = MemoryTree::new(Sha256Tree);
    (0..LEAVES).for_each(|leaf| {
        tree.append(&[&[leaf]]);
    });
    let mut text = String::new();
    let mut add = |place: String, path: &[[u8; 32]]| {
        let _ = write!(text, "{place}");
        path.iter().for_each(|hash| {
            let _ = write!(text, " {}", hex::encode(hash));
        });
        text.push('\n');
    };
    let all = |most: u64| {
        let ends = (0..=most).flat_map(|end| (0..=end).map(move |start| (start, end)));
        ends.filter_map(|(start, end)| Subtree::new(start, end).ok())
    };
    let most = u64::from(LEAVES);
    let place = |subtree: Subtree| format!("[{}, {})", subtree.start(), subtree.end());
    let unsound = |error: merkle_proof::Error| Trouble::from(error.to_string());
    if line.starts_with("\"index") {
        for subtree in all(most) {
            for index in subtree.start()..subtree.end() {
                let path =
                    tree.subtree_inclusion_path(LeafIndex(index), subtree).map_err(unsound)?;
                let root = TrustedRoot::vouched_for(tree.subtree_hash(subtree).map_err(unsound)?);
                let leaf = Sha256Tree.leaf(&[&[u8::try_from(index).unwrap_or(0)]]);
                verify_subtree_inclusion(
                    &Sha256Tree,
                    &leaf,
                    LeafIndex(index),
                    subtree,
                    &path,
                    &root,
                )
                .map_err(unsound)?;
                add(format!("{index} {}", place(subtree)), &path);
            }
        }
    } else if line.starts_with("\"[start, end) n\"") {
        for size in 0..=most {
            for subtree in all(size) {
                let path =
                    tree.subtree_consistency_path(subtree, TreeSize(size)).map_err(unsound)?;
                add(format!("{} {size}", place(subtree)), &path);
            }
        }
    } else if line.starts_with("\"[start, end) hash-hex") {
        for subtree in all(most) {
            add(place(subtree), &[tree.subtree_hash(subtree).map_err(unsound)?]);
        }
    } else {
        return Ok(Outcome::not_run(format!("an algorithm not known here: {line}")));
    }
    let digest = hex::encode(Sha256::digest(&text));
    let mut facts = Facts::new();
    facts.is("sha256", digest.as_str());
    let stated = json.get("sha256").and_then(Value::as_str);
    Ok(if stated == Some(&digest) {
        Outcome::Accepted(facts)
    } else {
        Outcome::Failed(format!("{digest}, not {stated:?}, over {} bytes", text.len()))
    })
}

/// RFC 6962 4.5: index and path; the leaf hash was the question, size and root are the log's head.
pub(crate) fn get_proof_by_hash(case: &Case) -> Result<Outcome, Trouble> {
    let json = case.json()?;
    let index = json.get("leaf_index").and_then(Value::as_u64).ok_or("no `leaf_index`")?;
    let path = member(&json, "audit_path")?.iter().map(base64).collect::<Result<Vec<_>, _>>()?;
    let (size, root) = (case.fact_u64("tree_size")?, case.fact_hex("root")?);
    let mut facts = Facts::new();
    facts.is("path_len", path.len()).is("leaf_index", index);
    let mut leaf = case.fact_hex("leaf_hash")?;
    if case.file == "ct-argon2020-inclusion-10000.json" {
        // The entry and the head of this log are published too.
        let head = case.sibling_json("ct-argon2020-sth.json")?;
        facts.is("tree_size", head["tree_size"].clone());
        facts.is_hex("root", base64(&head["sha256_root_hash"])?);
        let entries = case.sibling_json("ct-argon2020-entry-10000.json")?;
        leaf = Sha256Tree.leaf(&[&base64(&entries["entries"][0]["leaf_input"])?]).to_vec();
        facts.is_hex("leaf_hash", &leaf);
    }
    let verify = || {
        let leaf = hash(&leaf)?;
        let head = TreeHead::new(size, TrustedRoot::vouched_for_bytes(&root)?);
        verify_inclusion(&Sha256Tree, &leaf, LeafIndex(index), path, &head)
    };
    Ok(outcome(verify(), facts))
}

/// RFC 6962 4.4: the path; sizes and roots are what was asked.
pub(crate) fn get_sth_consistency(case: &Case) -> Result<Outcome, Trouble> {
    let json = case.json()?;
    let path = member(&json, "consistency")?.iter().map(base64).collect::<Result<Vec<_>, _>>()?;
    let mut facts = Facts::new();
    facts.is("path_len", path.len());
    let (size1, size2) = (case.fact_u64("size1")?, case.fact_u64("size2")?);
    let (root1, root2) = (case.fact_hex("root1")?, case.fact_hex("root2")?);
    if case.file == "ct-argon2020-consistency.json" {
        // The newer head of this log is published too.
        let head = case.sibling_json("ct-argon2020-sth.json")?;
        facts.is("size2", head["tree_size"].clone());
        facts.is_hex("root2", base64(&head["sha256_root_hash"])?);
    }
    let verify = || {
        let older = TreeHead::new(size1, TrustedRoot::vouched_for_bytes(&root1)?);
        let newer = TreeHead::new(size2, TrustedRoot::vouched_for_bytes(&root2)?);
        verify_consistency(&Sha256Tree, &older, &newer, &path)
    };
    Ok(outcome(verify(), facts))
}
