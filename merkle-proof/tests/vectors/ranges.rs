//! Merkle Mountain Ranges.

use merkle_proof::TrustedRoot;
use merkle_proof::mmr::{
    MemoryMmr, MmrHash, MmrSha256, path_indices, peaks, root_from_inclusion, verify_inclusion,
};
use serde_json::Value;
use testkit::vectors::{Case, Facts, Outcome, SubCases, Trouble};

use crate::trees::{from_hex, member, same};

fn unsound(error: merkle_proof::Error) -> Trouble {
    error.to_string().into()
}

fn number(json: &Value, name: &str) -> Result<u64, Trouble> {
    let number = json.get(name).and_then(Value::as_u64);
    number.ok_or_else(|| format!("no number `{name}`").into())
}

fn numbers(json: &Value, name: &str) -> Result<Vec<u64>, Trouble> {
    let numbers = member(json, name)?.iter().map(Value::as_u64).collect::<Option<_>>();
    numbers.ok_or_else(|| format!("`{name}` holds no numbers").into())
}

/// A range whose leaves are the hashes of their own node indexes.
fn range(leaves: usize) -> MemoryMmr<MmrSha256> {
    let mut range = MemoryMmr::new(MmrSha256);
    for _ in 0..leaves {
        let index = range.accumulator().size();
        assert_eq!(range.append(&[&index.to_be_bytes()]), Ok(index));
    }
    range
}

fn check_nodes(
    checks: &mut SubCases,
    range: &MemoryMmr<MmrSha256>,
    stated: &[Value],
) -> Result<(), Trouble> {
    for (index, stated) in (0..).zip(stated) {
        let found = range.node(index).ok_or("the range has no such node")?;
        checks.check(format!("node {index}"), same(found, stated));
    }
    Ok(())
}

pub(crate) fn tree(case: &Case) -> Result<Outcome, Trouble> {
    let json = case.json()?;
    let (nodes, values) = (member(&json, "node_values")?, member(&json, "leaf_values")?);
    let range = range(values.len());
    let mut checks = SubCases::new();
    for (preimage, stated) in numbers(&json, "leaf_preimages")?.iter().zip(values) {
        let leaf = MmrSha256.leaf(&[&preimage.to_be_bytes()]);
        checks.check(format!("leaf {preimage}"), same(leaf, stated));
    }
    check_nodes(&mut checks, &range, nodes)?;
    let mut facts = Facts::new();
    facts.is("nodes", range.accumulator().size()).is("leaves", range.accumulator().leaves());
    let last = range.node(range.accumulator().size() - 1).ok_or("an empty range")?;
    facts.is_hex("last_node", last);
    Ok(checks.outcome(facts))
}

pub(crate) fn peak_table(case: &Case) -> Result<Outcome, Trouble> {
    let json = case.json()?;
    let rows = json.as_array().ok_or("the file is no list")?;
    let mut checks = SubCases::new();
    for row in rows {
        let size = number(row, "last_index")? + 1;
        let found: Vec<u64> = peaks(size).map_err(unsound)?.map(|peak| peak.index).collect();
        checks.check(size, if found == numbers(row, "peaks")? { Ok(()) } else { Err("others") });
    }
    let mut facts = Facts::new();
    facts.is("count", rows.len());
    Ok(checks.outcome(facts))
}

/// What one row says of a path.
struct Row {
    index: u64,
    size: u64,
    path: Vec<u64>,
    accumulator: Vec<u64>,
    peak: u64,
}

/// Plans, proves and verifies what the row says.
fn check_row(range: &MemoryMmr<MmrSha256>, row: &Row) -> Result<[u8; 32], String> {
    let text = |error: merkle_proof::Error| error.to_string();
    let planned: Vec<u64> = path_indices(row.index, row.size).map_err(text)?.collect();
    if planned != row.path {
        return Err(format!("path {planned:?}"));
    }
    let found: Vec<u64> = peaks(row.size).map_err(text)?.map(|peak| peak.index).collect();
    if found != row.accumulator {
        return Err(format!("accumulator {found:?}"));
    }
    let path = range.inclusion_path(row.index, row.size).map_err(text)?;
    let state = range.accumulator_at(row.size).map_err(text)?;
    let value = range.node(row.index).ok_or("no such node")?;
    verify_inclusion(&MmrSha256, value, row.index, &path, &state).map_err(text)?;
    let peak = usize::try_from(row.peak).ok().and_then(|peak| found.get(peak));
    let peak = range.node(*peak.ok_or("no such peak")?).ok_or("no such node")?;
    let root = root_from_inclusion(&MmrSha256, value, row.index, &path).map_err(text)?;
    root.confirm(&TrustedRoot::vouched_for(*peak)).map_err(text)?;
    Ok(*peak)
}

pub(crate) fn paths(case: &Case) -> Result<Outcome, Trouble> {
    let json = case.json()?;
    let rows = json.as_array().ok_or("the file is no list")?;
    let (range, mut checks) = (range(21), SubCases::new());
    for row in rows {
        let row = Row {
            index: number(row, "node_index")?,
            size: number(row, "mmr_size")?,
            path: numbers(row, "inclusion_path")?,
            accumulator: numbers(row, "accumulator")?,
            peak: number(row, "accumulator_root_index")?,
        };
        checks.check(format!("{} of {}", row.index, row.size), check_row(&range, &row).map(|_| ()));
    }
    let mut facts = Facts::new();
    facts.is("count", rows.len());
    Ok(checks.outcome(facts))
}

/// The roots that the paths of a node lead to while the range grows beyond it.
pub(crate) fn included_roots(case: &Case) -> Result<Outcome, Trouble> {
    let json = case.json()?;
    let tables = json.as_object().ok_or("the file is no map")?;
    let (range, mut checks) = (range(21), SubCases::new());
    let sizes: Vec<u64> = (1..=39).filter(|size| peaks(*size).is_ok()).collect();
    for (node, roots) in tables {
        let index: u64 = node.parse().map_err(|_| "a key that is no index")?;
        let value = range.node(index).ok_or("no such node")?;
        let mut found = Vec::new();
        for size in sizes.iter().filter(|size| **size > index + 1) {
            let path = range.inclusion_path(index, *size).map_err(unsound)?;
            let root = root_from_inclusion(&MmrSha256, value, index, &path).map_err(unsound)?;
            found.push(Value::String(hex::encode(root.unconfirmed())));
        }
        let stated = roots.as_array().ok_or("a table that is no list")?;
        let result = if found == *stated { Ok(()) } else { Err(format!("{found:?}")) };
        checks.check(format!("node {index}"), result);
    }
    let mut facts = Facts::new();
    facts.is("tables", tables.len());
    Ok(checks.outcome(facts))
}

pub(crate) fn known_answers(case: &Case) -> Result<Outcome, Trouble> {
    let json = case.json()?;
    let (leaves, nodes) = (member(&json, "leaves")?, member(&json, "nodes")?);
    let (range, mut checks) = (range(leaves.len()), SubCases::new());
    check_nodes(&mut checks, &range, nodes)?;
    for (leaf, stated) in (0..).zip(leaves) {
        let index = merkle_proof::mmr::leaf_node(leaf).ok_or("no such leaf")?;
        let found = range.node(index).ok_or("no such node")?;
        checks.check(format!("leaf {leaf}"), same(found, stated));
    }
    let rows = member(&json, "rows")?;
    for row in rows {
        let stated = from_hex(row.get("root").ok_or("a row without root")?)?;
        let row = Row {
            index: number(row, "index")?,
            size: number(row, "mmr_size")?,
            path: numbers(row, "path_indices")?,
            accumulator: numbers(row, "accumulator_indices")?,
            peak: number(row, "root_position")?,
        };
        let result = check_row(&range, &row)
            .and_then(|root| if root[..] == stated[..] { Ok(()) } else { Err(hex::encode(root)) });
        checks.check(format!("{} of {}", row.index, row.size), result);
    }
    let mut facts = Facts::new();
    facts.is("rows", rows.len()).is("nodes", nodes.len()).is("leaves", leaves.len());
    Ok(checks.outcome(facts))
}
