//! The order of Python packages (PEP 440).

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::cmp::Ordering;

use super::{compare_digits, take_while};

pub(super) fn compare(one: &str, other: &str) -> Option<Ordering> {
    Some(Version::parse(one)?.compare(&Version::parse(other)?))
}

/// A version in its parts, numbers as runs of digits.
struct Version {
    epoch: String,
    release: Vec<String>,
    /// The phase (`a`, `b`, `rc`) and its number.
    pre: Option<(Phase, String)>,
    post: Option<String>,
    dev: Option<String>,
    local: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    Alpha,
    Beta,
    Candidate,
}

const fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

const fn is_separator(character: char) -> bool {
    matches!(character, '.' | '-' | '_')
}

/// Takes a label off, with the separators and the number beside it; an absent number is 0.
fn take_labelled<'l>(text: &mut &str, labels: &[&'l str]) -> Option<(&'l str, String)> {
    let mut rest = *text;
    let before = take_while(&mut rest, is_separator);
    if before.len() > 1 {
        return None;
    }
    let label = labels.iter().find(|label| rest.starts_with(**label))?;
    rest = rest.strip_prefix(*label)?;
    let mut behind = rest;
    if take_while(&mut behind, is_separator).len() <= 1 && behind.starts_with(is_digit) {
        rest = behind;
    }
    let number = take_while(&mut rest, is_digit);
    *text = rest;
    Some((label, if number.is_empty() { "0".into() } else { number.into() }))
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_lowercase();
        let mut rest = lower.strip_prefix('v').unwrap_or(&lower);
        let mut epoch = "0".to_string();
        if let Some((front, behind)) = rest.split_once('!') {
            if front.is_empty() || !front.chars().all(is_digit) {
                return None;
            }
            (epoch, rest) = (front.into(), behind);
        }
        let (public, local) = match rest.split_once('+') {
            Some((public, local)) => (public, Some(local)),
            None => (rest, None),
        };
        rest = public;
        let mut release = Vec::new();
        loop {
            let number = take_while(&mut rest, is_digit);
            if number.is_empty() {
                return None;
            }
            release.push(number.to_string());
            match rest.strip_prefix('.') {
                Some(behind) if behind.starts_with(is_digit) => rest = behind,
                _ => break,
            }
        }
        let phases = ["alpha", "beta", "preview", "pre", "rc", "a", "b", "c"];
        let pre = take_labelled(&mut rest, &phases).map(|(label, number)| {
            let phase = match label {
                "alpha" | "a" => Phase::Alpha,
                "beta" | "b" => Phase::Beta,
                _ => Phase::Candidate,
            };
            (phase, number)
        });
        let mut post = take_labelled(&mut rest, &["post", "rev", "r"]).map(|(_, number)| number);
        // `1.0-1` is a post release, too.
        if post.is_none()
            && let Some(behind) = rest.strip_prefix('-')
            && behind.starts_with(is_digit)
        {
            rest = behind;
            post = Some(take_while(&mut rest, is_digit).into());
        }
        let dev = take_labelled(&mut rest, &["dev"]).map(|(_, number)| number);
        let local = local.map(|local| local.split(is_separator).map(String::from).collect());
        let local: Vec<String> = local.unwrap_or_default();
        let is_local = |part: &String| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let is_whole = rest.is_empty() && local.iter().all(is_local);
        is_whole.then_some(Self { epoch, release, pre, post, dev, local })
    }

    fn compare(&self, other: &Self) -> Ordering {
        compare_digits(&self.epoch, &other.epoch)
            .then_with(|| compare_release(&self.release, &other.release))
            .then_with(|| self.compare_pre(other))
            .then_with(|| compare_optional(&self.post, &other.post, Ordering::Less))
            .then_with(|| compare_optional(&self.dev, &other.dev, Ordering::Greater))
            .then_with(|| compare_local(&self.local, &other.local))
    }

    /// A dev release of the final version comes before its pre releases.
    fn compare_pre(&self, other: &Self) -> Ordering {
        let place = |version: &Self| match (&version.pre, &version.post, &version.dev) {
            (None, None, Some(_)) => 0,
            (Some(_), ..) => 1,
            _ => 2,
        };
        place(self).cmp(&place(other)).then_with(|| match (&self.pre, &other.pre) {
            (Some(one), Some(other)) => {
                one.0.cmp(&other.0).then_with(|| compare_digits(&one.1, &other.1))
            }
            _ => Ordering::Equal,
        })
    }
}

fn compare_release(one: &[String], other: &[String]) -> Ordering {
    let number = |release: &[String], place: usize| {
        release.get(place).map_or("0", String::as_str).to_string()
    };
    (0..one.len().max(other.len()))
        .map(|place| compare_digits(&number(one, place), &number(other, place)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn compare_optional(one: &Option<String>, other: &Option<String>, absent: Ordering) -> Ordering {
    match (one, other) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => absent,
        (Some(_), None) => absent.reverse(),
        (Some(one), Some(other)) => compare_digits(one, other),
    }
}

/// Numbers are newer than letters; more parts are newer.
fn compare_local(one: &[String], other: &[String]) -> Ordering {
    for (one, other) in one.iter().zip(other) {
        let order = match (one.chars().all(is_digit), other.chars().all(is_digit)) {
            (true, true) => compare_digits(one, other),
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => one.cmp(other),
        };
        if order.is_ne() {
            return order;
        }
    }
    one.len().cmp(&other.len())
}
