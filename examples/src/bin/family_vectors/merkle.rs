//! Paths of RFC 9162 trees, sound and changed, in the JSON form that other implementations publish theirs in.

use base64ct::{Base64, Encoding};
use merkle_proof::{LeafIndex, MemoryTree, Sha256Tree, TreeHash, TreeSize};
use serde_json::{Value, json};

use super::area::{Area, Case};

const SIZES: [u64; 6] = [1, 2, 3, 7, 8, 13];

pub(crate) fn make(area: &mut Area) {
    let mut log = MemoryTree::new(Sha256Tree);
    for number in 0..13_u8 {
        log.append(&[&[number]]);
    }
    for size in SIZES {
        let mut leaves = vec![0, size / 2, size.saturating_sub(1)];
        leaves.dedup();
        for leaf in leaves {
            inclusion(area, &log, size, leaf);
        }
        let mut older = vec![1, size / 2, size.saturating_sub(1), size];
        older.retain(|older| *older > 0);
        older.sort_unstable();
        older.dedup();
        for older in older {
            consistency(area, &log, older, size);
        }
    }
}

type Log = MemoryTree<Sha256Tree>;

fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

fn list(path: &[[u8; 32]]) -> Value {
    path.iter().map(|hash| base64(hash)).collect::<Vec<_>>().into()
}

fn flipped(hash: &[u8; 32]) -> [u8; 32] {
    let mut changed = *hash;
    changed[0] ^= 1;
    changed
}

fn inclusion(area: &mut Area, log: &Log, size: u64, leaf: u64) {
    let (Ok(path), Ok(head)) =
        (log.inclusion_path(LeafIndex(leaf), TreeSize(size)), log.head_at(size))
    else {
        return;
    };
    let (path, root) = (path.to_vec(), *head.root.hash());
    let hash = Sha256Tree.leaf(&[&[u8::try_from(leaf).unwrap_or_default()]]);
    let mut add = |what: &str,
                   why: &str,
                   is_valid: bool,
                   root: &[u8; 32],
                   hash: &[u8; 32],
                   path: &[[u8; 32]],
                   leaf: u64| {
        let name = format!("family-inclusion-{size}-{leaf}{what}");
        let file = format!("{name}.json");
        area.json(
            &file,
            &json!({
                "leafIdx": leaf, "treeSize": size, "root": base64(root), "leafHash": base64(hash),
                "proof": list(path), "desc": why, "wantErr": !is_valid,
            }),
        );
        let facts = json!({
            "leaf_index": leaf, "tree_size": size, "path_len": path.len(),
            "root": hex::encode(root), "leaf_hash": hex::encode(hash),
        });
        let (kind, spec) = ("rfc9162-inclusion", "RFC 9162 2.1.3.2");
        area.case(&Case { name: &name, kind, spec, file: &file, keys: &[], is_valid, why, facts });
    };
    add("", "a path of the tree", true, &root, &hash, &path, leaf);
    add("-root", "a bit of the root was changed", false, &flipped(&root), &hash, &path, leaf);
    add("-leaf", "a bit of the leaf hash was changed", false, &root, &flipped(&hash), &path, leaf);
    if let [first, rest @ ..] = &path[..] {
        let changed = [&[flipped(first)], rest].concat();
        add("-path", "a bit of the path was changed", false, &root, &hash, &changed, leaf);
        add("-short", "an element of the path is missing", false, &root, &hash, rest, leaf);
    }
    let long = [&path[..], &[root]].concat();
    add("-long", "an element too many", false, &root, &hash, &long, leaf);
}

fn consistency(area: &mut Area, log: &Log, older: u64, newer: u64) {
    let heads = (log.head_at(older), log.head_at(newer));
    let (Ok(path), (Ok(old), Ok(new))) =
        (log.consistency_path(TreeSize(older), TreeSize(newer)), heads)
    else {
        return;
    };
    let (path, old, new) = (path.to_vec(), *old.root.hash(), *new.root.hash());
    let mut add = |what: &str, why: &str, is_valid: bool, old: &[u8; 32], path: &[[u8; 32]]| {
        let name = format!("family-consistency-{older}-{newer}{what}");
        let file = format!("{name}.json");
        area.json(
            &file,
            &json!({
                "size1": older, "size2": newer, "root1": base64(old), "root2": base64(&new),
                "proof": list(path), "desc": why, "wantErr": !is_valid,
            }),
        );
        let facts = json!({
            "size1": older, "size2": newer, "path_len": path.len(),
            "root1": hex::encode(old), "root2": hex::encode(new),
        });
        let (kind, spec) = ("rfc9162-consistency", "RFC 9162 2.1.4.2");
        area.case(&Case { name: &name, kind, spec, file: &file, keys: &[], is_valid, why, facts });
    };
    add("", "a path of the tree", true, &old, &path);
    add("-older", "a bit of the older root was changed", false, &flipped(&old), &path);
    if let [first, rest @ ..] = &path[..] {
        add(
            "-path",
            "a bit of the path was changed",
            false,
            &old,
            &[&[flipped(first)], rest].concat(),
        );
        add("-short", "an element of the path is missing", false, &old, rest);
    }
}
