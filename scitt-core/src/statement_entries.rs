//! The entries of one statement, each hashed once.

use cose_ext::{
    Context, Input,
    crypto::{Algorithm, HashValue},
};

use crate::{EntryRule, Error, LoggedStatement, SignedStatement};

/// How many digests of SHA-256 are remembered, or half as many of SHA-512. Services with more
/// different entry rules than that cost a digest for each of their receipts.
const REMEMBERED: usize = 4;

/// What logs may call the entry of one statement: one for each entry rule.
///
/// # State, invariant, cost
///
/// The digest of an entry is computed when a receipt first needs it, which is once its proofs have
/// been found well formed, and then remembered: the payload is hashed once for each entry rule,
/// however many receipts there are. Nothing is allocated.
#[derive(Clone, Copy, Debug)]
pub struct StatementEntries<'s> {
    statement: SignedStatement<'s>,
    payload: &'s [u8],
    digests: Digests,
}

impl<'s> StatementEntries<'s> {
    /// Returns the entries of `statement`, whose payload is where `input` says.
    ///
    /// # Errors
    ///
    /// If the payload is not there.
    #[inline(never)] // So that its frame has ended before a signature is checked.
    pub fn new(statement: &SignedStatement<'s>, input: &Input<'s, '_>) -> Result<Self, Error> {
        let payload = statement.message().danger_unverified_payload_of(input)?;
        Ok(Self { statement: *statement, payload, digests: Digests::NOTHING })
    }

    /// Returns what an entry by `rule` binds of the statement.
    pub(crate) fn logged(&self, rule: &EntryRule) -> LoggedStatement<'s> {
        let binds_payload = rule.binds_payload(self.statement.message());
        LoggedStatement::new(self.statement.message(), binds_payload.then_some(self.payload))
    }

    /// Returns how many bytes statement and payload have.
    pub(crate) const fn len(&self) -> usize {
        self.statement.message().bytes().len().saturating_add(self.payload.len())
    }

    /// Calls `then` with these entries and the one by `rule`, in parts.
    ///
    /// # Errors
    ///
    /// If the hash function of the rule is not there, or the meter of `context` is spent; those of
    /// `then`.
    pub(crate) fn with_entry<T>(
        &mut self,
        rule: &EntryRule,
        context: &Context<'_>,
        then: impl FnOnce(&Self, &[&[u8]]) -> Result<T, Error>,
    ) -> Result<T, Error> {
        match rule.hash {
            None => self.with_whole_entry(rule, then),
            // Matched where it is made.
            Some(algorithm) => match &self.digest(rule, algorithm, context) {
                Ok(digest) => then(self, &[digest.as_ref()]),
                Err(error) => Err(*error),
            },
        }
    }

    #[inline(never)] // A digest is smaller, and is what nearly all rules ask for.
    fn with_whole_entry<T>(
        &self,
        rule: &EntryRule,
        then: impl FnOnce(&Self, &[&[u8]]) -> Result<T, Error>,
    ) -> Result<T, Error> {
        then(self, &rule.entry(self.statement.message(), self.payload).parts())
    }

    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn digest(
        &mut self,
        rule: &EntryRule,
        algorithm: Algorithm,
        context: &Context<'_>,
    ) -> Result<HashValue, Error> {
        if let Some(digest) = self.digests.find(rule) {
            return Ok(digest);
        }
        let entry = rule.entry(self.statement.message(), self.payload);
        let digest = context.hash(algorithm, &entry.parts())?;
        self.digests.add(rule, digest.as_ref());
        Ok(digest)
    }
}

/// The digests that are remembered, one after the other: they stand in a frame that is there while
/// signatures are checked.
#[derive(Clone, Copy, Debug)]
struct Digests {
    /// By which rules, and where their digests end.
    rules: [Option<EntryRule>; REMEMBERED],
    ends: [u8; REMEMBERED],
    bytes: [u8; REMEMBERED * 32],
}

impl Digests {
    const NOTHING: Self =
        Self { rules: [None; REMEMBERED], ends: [0; REMEMBERED], bytes: [0; REMEMBERED * 32] };

    fn find(&self, rule: &EntryRule) -> Option<HashValue> {
        let mut start = 0;
        for (known, end) in self.rules.iter().zip(self.ends) {
            let end = usize::from(end);
            if known.as_ref()? == rule {
                return HashValue::new(self.bytes.get(start..end)?);
            }
            start = end;
        }
        None
    }

    /// Remembers a digest, if there is room for it.
    fn add(&mut self, rule: &EntryRule, digest: &[u8]) {
        let Some(place) = self.rules.iter().position(Option::is_none) else { return };
        let before = place.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.copied().map_or(0, usize::from);
        let end = start.saturating_add(digest.len());
        let Ok(byte) = u8::try_from(end) else { return };
        if let (Some(room), Some(known), Some(known_end)) =
            (self.bytes.get_mut(start..end), self.rules.get_mut(place), self.ends.get_mut(place))
        {
            room.copy_from_slice(digest);
            (*known, *known_end) = (Some(*rule), byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EntryEncoding, EntryPayload};

    const RULES: [EntryEncoding; 4] = [
        EntryEncoding::AsReceived,
        EntryEncoding::Preferred(EntryPayload::Attached),
        EntryEncoding::Preferred(EntryPayload::AsSubmitted),
        EntryEncoding::Preferred(EntryPayload::Nil),
    ];

    #[test]
    fn digests_are_remembered_while_there_is_room() {
        let rule = |encoding, hash| EntryRule { encoding, hash: Some(hash) };
        let (short, long) = (Algorithm::SHA256, Algorithm::SHA512);
        let mut digests = Digests::NOTHING;
        for (encoding, byte) in RULES.into_iter().zip(1..) {
            assert!(digests.find(&rule(encoding, short)).is_none());
            digests.add(&rule(encoding, short), &[byte; 32]);
        }
        for (encoding, byte) in RULES.into_iter().zip(1..) {
            let found = digests.find(&rule(encoding, short)).unwrap();
            assert_eq!(found.as_ref(), [byte; 32]);
        }
        digests.add(&rule(RULES[0], long), &[9; 64]);
        assert!(digests.find(&rule(RULES[0], long)).is_none(), "there is no room for a fifth");

        let mut digests = Digests::NOTHING;
        digests.add(&rule(RULES[0], short), &[1; 32]);
        digests.add(&rule(RULES[1], long), &[2; 64]);
        digests.add(&rule(RULES[2], long), &[3; 64]);
        digests.add(&rule(RULES[3], short), &[4; 32]);
        let found = [(0, short), (1, long), (2, long), (3, short)].map(|(at, hash)| {
            let digest = digests.find(&rule(RULES[at], hash))?;
            Some((digest.as_ref().len(), digest.as_ref()[0]))
        });
        let expected = [Some((32, 1)), Some((64, 2)), None, Some((32, 4))];
        assert_eq!(found, expected);
    }
}
