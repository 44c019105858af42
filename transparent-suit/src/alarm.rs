//! What a monitor alarms on (docs/transparent-suit.md 9).

use alloc::{string::String, vec::Vec};
use core::fmt;

use crate::Rule;

/// Something in a log that its owner has to look at. The entry is a good one as far as the log is
/// concerned: this is what transparency gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// The leaf index of the entry.
    pub entry: u64,
    /// What is alarming.
    pub rule: Rule,
    /// The issuer that the statement claims; empty if it claims none.
    pub issuer: String,
    /// The class that it is about; empty if it says none.
    pub subject: String,
    /// The sequence number that it claims; 0 if it claims none.
    pub sequence: u64,
    /// The encoded SUIT_Digest.
    pub digest: Vec<u8>,
}

impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entry, rule, issuer, subject, sequence, .. } = self;
        write!(f, "entry {entry}: {} ", rule.broken())?;
        write!(f, "(number {sequence} of {subject} by {issuer}; {})", rule.to_ref())
    }
}
