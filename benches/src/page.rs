//! What both pages of numbers have: versions, and what is taken from the heap.

use std::{error::Error, path::Path, process::Command};

/// The crates of others whose versions are named.
const CRATES: [&str; 13] = [
    "aws-lc-rs",
    "ciborium",
    "coset",
    "ct-merkle",
    "ed25519-dalek",
    "minicbor",
    "p256",
    "redb",
    "rs_merkle",
    "serde_json",
    "sha2",
    "suit_validator",
    "tlog_tiles",
];

/// What a work takes from the heap.
pub struct Heap {
    what: String,
    by: String,
    count: u64,
    peak: u64,
}

/// Runs the program that counts.
///
/// # Errors
/// If it cannot be run, or writes something else.
pub fn heaps(program: &Path) -> Result<Vec<Heap>, Box<dyn Error>> {
    let ran = Command::new(program).output()?;
    if !ran.status.success() {
        return Err(String::from_utf8_lossy(&ran.stderr).into());
    }
    let mut heaps = Vec::new();
    for line in String::from_utf8(ran.stdout)?.lines() {
        let &[_, what, by, count, peak] = &line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("not a line of five: {line}").into());
        };
        let (count, peak) = (count.parse()?, peak.parse()?);
        heaps.push(Heap { what: what.into(), by: by.into(), count, peak });
    }
    Ok(heaps)
}

/// Returns two cells of a table: allocations and peak. They are empty where nobody counted.
pub fn heap_of(heaps: &[Heap], what: &str, by: &str) -> String {
    let found = heaps.iter().find(|heap| heap.what == what && heap.by == by);
    found.map_or_else(
        || " | ".to_owned(),
        |heap| format!("{} | {}", number(heap.count), number(heap.peak)),
    )
}

/// Returns the first words of what a program says of itself.
///
/// # Errors
/// If it cannot be run.
pub fn version(program: &str, argument: &str) -> Result<String, Box<dyn Error>> {
    let said = Command::new(program).arg(argument).output()?;
    let said = String::from_utf8(said.stdout)?;
    Ok(said.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}

/// Returns a sentence with the locked versions of crates of others.
pub fn crates() -> String {
    let lock = include_str!("../../Cargo.lock");
    let versions = |name: &str| {
        let packages = lock.split("[[package]]\nname = ").filter_map(|package| {
            let (found, rest) = package.split_once("\nversion = ")?;
            let version = rest.split('\n').next()?;
            (found.trim_matches('"') == name).then(|| version.trim_matches('"'))
        });
        packages.collect::<Vec<_>>().join(" and ")
    };
    let named: Vec<_> = CRATES.iter().map(|name| format!("{name} {}", versions(name))).collect();
    format!("Beside {}.", named.join(", "))
}

/// Writes a number with a space between thousands.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(number(0), "0");
        assert_eq!(number(123), "123");
        assert_eq!(number(1_234_567), "1\u{a0}234\u{a0}567");
    }

    #[test]
    fn each_crate_is_locked() {
        let sentence = crates();
        assert!(!sentence.contains(" ,") && !sentence.contains(" ."), "{sentence}");
        assert!(sentence.contains("coset 0."), "{sentence}");
    }
}
