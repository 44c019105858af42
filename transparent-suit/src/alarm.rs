//! What a monitor alarms on (docs/transparent-suit.md 9).

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::Rule;

/// An entry of a log that the maker of the devices has to look at. The service was right to
/// register it as far as its rules go; whether the release is meant to be is for people to find
/// out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// The leaf index of the entry.
    pub entry: u64,
    /// The rule whose alarm it is: F34 to F38.
    pub rule: Rule,
    /// The issuer that the statement claims; empty if it claims none. Its key was checked by the
    /// auditor.
    pub issuer: String,
    /// The class that it is about; empty if it says none.
    pub subject: String,
    /// The sequence number that it claims; 0 if it claims none.
    pub sequence: u64,
    /// The SUIT_Digest that the statement signs, as encoded.
    pub digest: Vec<u8>,
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entry, rule, issuer, subject, sequence, .. } = self;
        write!(f, "entry {entry}: {} ", rule.broken())?;
        write!(f, "(number {sequence} of {subject} by {issuer}; {})", rule.to_ref())
    }
}
