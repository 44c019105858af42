//! The order of rpm (rpm-version(7)).

use core::cmp::Ordering;

use super::{compare_digits, take_while};

pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (split(one)?, split(other)?);
    let release = match (one.2, other.2) {
        (Some(one), Some(other)) => compare_part(one, other),
        // A version without a release stands for all of its releases.
        _ => Ordering::Equal,
    };
    let order = compare_digits(one.0, other.0).then_with(|| compare_part(one.1, other.1));
    Some(order.then(release))
}

/// Epoch, version, release.
fn split(version: &str) -> Option<(&str, &str, Option<&str>)> {
    let (epoch, rest) = version.split_once(':').unwrap_or(("0", version));
    let (version, release) = match rest.rsplit_once('-') {
        Some((version, release)) => (version, Some(release)),
        None => (rest, None),
    };
    let is_good = !epoch.is_empty()
        && epoch.bytes().all(|byte| byte.is_ascii_digit())
        && version.bytes().any(|byte| byte.is_ascii_alphanumeric());
    is_good.then_some((epoch, version, release))
}

/// Segments of digits and of letters, with anything else between them. A tilde comes before the
/// end, a caret behind it and before everything else; digits are newer than letters.
fn compare_part(mut one: &str, mut other: &str) -> Ordering {
    'segments: loop {
        let is_separator =
            |character: char| !character.is_ascii_alphanumeric() && !matches!(character, '~' | '^');
        take_while(&mut one, is_separator);
        take_while(&mut other, is_separator);
        for (mark, absent) in [('~', Ordering::Greater), ('^', Ordering::Less)] {
            match (one.strip_prefix(mark), other.strip_prefix(mark)) {
                (Some(rest), Some(others)) => (one, other) = (rest, others),
                (Some(_), None) if mark == '^' && !other.is_empty() => return Ordering::Less,
                (Some(_), None) => return absent.reverse(),
                (None, Some(_)) if mark == '^' && !one.is_empty() => return Ordering::Greater,
                (None, Some(_)) => return absent,
                (None, None) => continue,
            }
            // Both had one: more may follow.
            continue 'segments;
        }
        if one.is_empty() || other.is_empty() {
            return one.len().min(1).cmp(&other.len().min(1));
        }
        let is_digit = |character: char| character.is_ascii_digit();
        let is_letter = |character: char| character.is_ascii_alphabetic();
        let is_number = one.starts_with(is_digit);
        let order = if is_number {
            let (first, second) =
                (take_while(&mut one, is_digit), take_while(&mut other, is_digit));
            match second.is_empty() {
                true => return Ordering::Greater,
                false => compare_digits(first, second),
            }
        } else {
            let first = take_while(&mut one, is_letter);
            let second = take_while(&mut other, is_letter);
            match second.is_empty() {
                true => return Ordering::Less,
                false => first.cmp(second),
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}
