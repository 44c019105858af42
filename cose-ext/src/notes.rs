//! What was accepted leniently on the way to a verdict.

use core::fmt;

/// What was accepted although a strict reading would refuse it: a set.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Notes(u16);

/// Bits, with the words that `Debug` shows.
const NOTES: [(Notes, &str); 7] = [
    (Notes::EMPTY_MAP_AS_RECEIVED, "h'a0' as received"),
    (Notes::LABEL_IN_BOTH_BUCKETS, "label in both buckets"),
    (Notes::UNPROTECTED_ALGORITHM, "unprotected algorithm"),
    (Notes::IMPLIED_ALGORITHM, "implied algorithm"),
    (Notes::TAGGED_DATE, "tagged date"),
    (Notes::EMPTY_PATH, "empty inclusion path"),
    (Notes::ARRAY_OF_ONE_CERTIFICATE, "one certificate in an array"),
];

impl Notes {
    /// Nothing was accepted leniently.
    pub const NOTHING: Self = Self(0);
    /// The signature covers an empty protected map as `h'a0'`, as older peers sign it, where
    /// RFC 9052 4.4 wants `h''` ([`EmptyProtected::AsReceived`](crate::EmptyProtected)).
    pub const EMPTY_MAP_AS_RECEIVED: Self = Self(1);
    /// A label stands in both buckets; the protected one counts.
    pub const LABEL_IN_BOTH_BUCKETS: Self = Self(1 << 1);
    /// The algorithm is named in the unprotected bucket, where anybody can change it.
    pub const UNPROTECTED_ALGORITHM: Self = Self(1 << 2);
    /// The message names no algorithm; the key or the caller does.
    pub const IMPLIED_ALGORITHM: Self = Self(1 << 3);
    /// A date is wrapped in tag 1 (RFC 8392 2 forbids it).
    pub const TAGGED_DATE: Self = Self(1 << 4);
    /// An inclusion path is empty: the tree has one entry.
    pub const EMPTY_PATH: Self = Self(1 << 5);
    /// The one certificate of a chain came in an array, which RFC 9360 2 has for two and more.
    pub const ARRAY_OF_ONE_CERTIFICATE: Self = Self(1 << 6);

    /// Returns whether all of `notes` are in this set.
    #[must_use]
    pub const fn contains(self, notes: Self) -> bool {
        self.0 & notes.0 == notes.0
    }

    /// Returns whether nothing was accepted leniently.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the notes of both sets.
    #[must_use]
    pub const fn and(self, notes: Self) -> Self {
        Self(self.0 | notes.0)
    }

    /// Returns `notes` where `noted` holds, and else nothing.
    pub(crate) const fn only_if(notes: Self, noted: bool) -> Self {
        if noted { notes } else { Self::NOTHING }
    }
}

impl fmt::Debug for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noted = NOTES.iter().filter(|(note, _)| self.contains(*note));
        f.debug_set().entries(noted.map(|(_, words)| words)).finish()
    }
}

/// Lists the notes, comma-separated.
impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (_, words) in NOTES.iter().filter(|(note, _)| self.contains(*note)) {
            write!(f, "{separator}{words}")?;
            separator = ", ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::{format, string::ToString};

    use super::*;

    #[test]
    fn each_note_is_a_bit_of_its_own_and_has_words() {
        let mut all = Notes::NOTHING;
        for (note, words) in NOTES {
            assert!(!all.contains(note), "{words}");
            all = all.and(note);
        }
        assert_eq!(all.0.count_ones() as usize, NOTES.len());
        let two = Notes::TAGGED_DATE.and(Notes::EMPTY_PATH);
        assert_eq!(two.to_string(), "tagged date, empty inclusion path");
        assert_eq!(format!("{two:?}"), "{\"tagged date\", \"empty inclusion path\"}");
    }
}
