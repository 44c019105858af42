//! The order of Maven artifacts (POM reference, Version Order Specification).

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::cmp::Ordering;

use super::{compare_digits, take_while};

pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let (one, other) = (tokens(one), tokens(other));
    for place in 0..one.len().max(other.len()) {
        let order = match (one.get(place), other.get(place)) {
            (Some(one), Some(other)) => one.compare(other),
            (Some(one), None) => one.compare(&one.padding()),
            (None, Some(other)) => other.padding().compare(other),
            (None, None) => Ordering::Equal,
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}

/// A number or a qualifier, with what stands before it.
struct Token {
    /// A hyphen, or a change between digits and letters, stands before it; else a dot does.
    is_hyphened: bool,
    text: String,
}

/// Qualifiers that Maven knows, in their order; the empty one is the release.
const QUALIFIERS: [&str; 7] = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"];

impl Token {
    fn is_number(&self) -> bool {
        self.text.starts_with(|character: char| character.is_ascii_digit())
    }

    /// Whether the token says nothing: zero, or a word for the release.
    fn is_null(&self) -> bool {
        matches!(self.text.as_str(), "" | "final" | "ga" | "release")
            || (self.is_number() && self.text.bytes().all(|byte| byte == b'0'))
    }

    /// What stands for this token in a version that is shorter.
    fn padding(&self) -> Self {
        let text = if self.is_number() { "0" } else { "" };
        Self { is_hyphened: self.is_hyphened, text: text.into() }
    }

    /// Qualifiers, then numbers behind a hyphen, then numbers behind a dot.
    fn class(&self) -> u8 {
        match (self.is_number(), self.is_hyphened) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => 2,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        self.class().cmp(&other.class()).then_with(|| match self.is_number() {
            true => compare_digits(&self.text, &other.text),
            false => self.rank().cmp(&other.rank()),
        })
    }

    /// Known qualifiers first, then all others by their text.
    fn rank(&self) -> (usize, &str) {
        let word = match self.text.as_str() {
            "cr" => "rc",
            "final" | "ga" | "release" => "",
            word => word,
        };
        match QUALIFIERS.iter().position(|known| *known == word) {
            Some(place) => (place, ""),
            None => (QUALIFIERS.len(), word),
        }
    }
}

/// The tokens, without those that say nothing at the end and before each hyphen.
fn tokens(version: &str) -> Vec<Token> {
    let version = version.to_lowercase();
    let mut rest = version.as_str();
    let mut tokens: Vec<Token> = Vec::new();
    let mut is_hyphened = false;
    loop {
        let is_digit = |character: char| character.is_ascii_digit();
        let is_word = |character: char| !is_digit(character) && !matches!(character, '.' | '-');
        let number = take_while(&mut rest, is_digit);
        let text = match number.is_empty() {
            false => number.to_string(),
            true => {
                let word = take_while(&mut rest, is_word);
                // One letter before a digit is short for a word.
                match word {
                    "a" if rest.starts_with(is_digit) => "alpha".into(),
                    "b" if rest.starts_with(is_digit) => "beta".into(),
                    "m" if rest.starts_with(is_digit) => "milestone".into(),
                    "" => "0".into(),
                    word => word.to_string(),
                }
            }
        };
        if is_hyphened {
            trim(&mut tokens);
        }
        tokens.push(Token { is_hyphened, text });
        let mut characters = rest.chars();
        match characters.next() {
            None => break,
            Some(separator @ ('.' | '-')) => {
                is_hyphened = separator != '.';
                rest = characters.as_str();
            }
            // A change between digits and letters.
            Some(_) => is_hyphened = true,
        }
    }
    trim(&mut tokens);
    tokens
}

fn trim(tokens: &mut Vec<Token>) {
    while tokens.last().is_some_and(Token::is_null) {
        tokens.pop();
    }
}
