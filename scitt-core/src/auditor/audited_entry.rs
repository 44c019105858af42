//! Entries of a log as an auditor gets them.

use cose_ext::Input;

/// An entry of a log as whoever keeps it hands it out. Nothing of it is trusted: what it says is
/// compared with the roots that the service signed.
#[derive(Clone, Copy, Debug)]
pub struct AuditedEntry<'e> {
    /// The statement, or what is left of it.
    pub content: LoggedContent<'e>,
    /// What stands beside the statement in the leaf of a CCF ledger.
    pub ledger: Option<LedgerParts>,
    /// When the service decided, in seconds since 1970-01-01T00:00Z, if it says so.
    pub decided_at: Option<i64>,
}

/// What there is of a statement.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum LoggedContent<'e> {
    /// The statement and its payload.
    Statement {
        /// The statement as it was submitted or registered; its unprotected header is not logged.
        statement: &'e [u8],
        /// Where its payload is, and external data.
        input: Input<'e, 'e>,
    },
    /// The payload is withheld, or was erased. Proofs and receipts stay as they are, as long as the
    /// log keeps what it hashed into the leaf.
    Withheld {
        /// What is hashed into the leaf: the digest of the entry. Under an entry rule without a
        /// hash function that is the entry itself, and a payload in it cannot be withheld.
        entry: &'e [u8],
        /// The statement without its payload, where the log still shows it.
        statement: Option<&'e [u8]>,
    },
}

/// The parts of a CCF ledger's leaf that are not the statement's
/// (draft-ietf-scitt-receipts-ccf-profile 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerParts {
    /// The internal transaction hash.
    pub transaction: [u8; 32],
    /// The SHA-256 digest of the internal evidence.
    pub evidence_hash: [u8; 32],
}

impl<'e> AuditedEntry<'e> {
    /// Makes an entry of an RFC 9162 log from its statement.
    #[must_use]
    pub const fn statement(statement: &'e [u8], input: Input<'e, 'e>) -> Self {
        let content = LoggedContent::Statement { statement, input };
        Self { content, ledger: None, decided_at: None }
    }

    /// Makes an entry of an RFC 9162 log of which only the digest is left.
    #[must_use]
    pub const fn withheld(entry: &'e [u8]) -> Self {
        let content = LoggedContent::Withheld { entry, statement: None };
        Self { content, ledger: None, decided_at: None }
    }

    /// Returns this entry as one of a CCF ledger.
    #[must_use]
    pub const fn in_ledger(mut self, parts: LedgerParts) -> Self {
        self.ledger = Some(parts);
        self
    }

    /// Returns this entry with the time of its decision.
    #[must_use]
    pub const fn decided_at(mut self, seconds: i64) -> Self {
        self.decided_at = Some(seconds);
        self
    }

    /// How many bytes there are.
    pub(super) fn len(&self) -> usize {
        match self.content {
            LoggedContent::Statement { statement, input } => {
                statement.len().saturating_add(input.len())
            }
            LoggedContent::Withheld { entry, statement } => {
                entry.len().saturating_add(statement.map_or(0, <[u8]>::len))
            }
        }
    }
}
