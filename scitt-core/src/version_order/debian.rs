//! The order of dpkg (deb-version(7)).

use core::cmp::Ordering;

use super::{compare_digits, take_while};

pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (split(one)?, split(other)?);
    Some(
        compare_digits(one.0, other.0)
            .then_with(|| compare_part(one.1, other.1))
            .then_with(|| compare_part(one.2, other.2)),
    )
}

/// Epoch, upstream version, revision.
fn split(version: &str) -> Option<(&str, &str, &str)> {
    let (epoch, rest) = version.split_once(':').unwrap_or(("0", version));
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, "0"));
    let is_version = |part: &str| {
        part.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'~' | b':')
        })
    };
    let is_good = !epoch.is_empty()
        && epoch.bytes().all(|byte| byte.is_ascii_digit())
        && upstream.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
        && is_version(upstream)
        && is_version(revision);
    is_good.then_some((epoch, upstream, revision))
}

/// Runs of other characters and runs of digits in turn. A tilde comes before the end, and letters
/// before everything else.
fn compare_part(mut one: &str, mut other: &str) -> Ordering {
    while !one.is_empty() || !other.is_empty() {
        let is_other = |character: char| !character.is_ascii_digit();
        let (first, second) = (take_while(&mut one, is_other), take_while(&mut other, is_other));
        let order = compare_characters(first, second);
        if order.is_ne() {
            return order;
        }
        let is_digit = |character: char| character.is_ascii_digit();
        let (first, second) = (take_while(&mut one, is_digit), take_while(&mut other, is_digit));
        let order = compare_digits(first, second);
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

fn compare_characters(one: &str, other: &str) -> Ordering {
    let weight = |byte: Option<u8>| match byte {
        Some(b'~') => -1,
        None => 0,
        Some(byte) if byte.is_ascii_alphabetic() => i32::from(byte),
        Some(byte) => i32::from(byte).saturating_add(256),
    };
    let (mut one, mut other) = (one.bytes(), other.bytes());
    loop {
        let (first, second) = (one.next(), other.next());
        if first.is_none() && second.is_none() {
            return Ordering::Equal;
        }
        let order = weight(first).cmp(&weight(second));
        if order.is_ne() {
            return order;
        }
    }
}
