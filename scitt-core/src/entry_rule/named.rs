//! The entry rules of implementations in the field, by name.

use cose_ext::crypto::Algorithm;

use super::{EntryEncoding, EntryRule};

impl EntryRule {
    /// What CCF ledgers put into their data hash (draft-ietf-scitt-receipts-ccf-profile 2): the
    /// bytes of [`DEFAULT`](Self::DEFAULT).
    pub const CCF: Self = Self::DEFAULT;

    /// What the Python package scitt-cose takes for an entry: SHA-256 over the statement's bytes as
    /// they were submitted, with an empty unprotected header.
    pub const SCITT_COSE: Self =
        Self { encoding: EntryEncoding::AsReceived, hash: Some(Algorithm::SHA256) };

    /// What go-scitt-scrapi takes for an entry: the statement's bytes as they were submitted, with
    /// an empty unprotected header, hashed by nothing but the tree.
    pub const STATEMENT_BYTES: Self = Self { encoding: EntryEncoding::AsReceived, hash: None };
}
