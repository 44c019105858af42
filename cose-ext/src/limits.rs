//! Bounds on the work of a message.

use crate::cbor;

/// How much work an input may cause. Exceeding one is
/// [`ErrorKind::Limit`](crate::error::ErrorKind::Limit), never a panic and never an allocation
/// sized by the input.
///
/// ```
/// use cose_ext::{Limits, Profile, error::ErrorKind, Sign1};
///
/// let few = Profile::LENIENT.with_limits(Limits::DEFAULT.with_header_entries(1));
/// let two_parameters = b"\x84\x45\xa2\x01\x26\x03\x00\xa0\x41x\x40";
/// let error = Sign1::decode(two_parameters, &few).unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::Limit(_)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Nesting, items and unordered map entries of every CBOR structure.
    pub cbor: cbor::Limits,
    /// Entries of one header bucket. Default 64: the registry of header parameters has fewer that
    /// make sense together, and comparing the buckets is quadratic.
    pub header_entries: usize,
    /// Signatures of one COSE_Sign. Default 64: each may cost a verification, and no message needs
    /// as many signers.
    pub signatures: usize,
    /// Countersignatures of one structure. Default 64: as [`signatures`](Self::signatures).
    pub countersignatures: usize,
    /// Recipients of one message, nested ones included. Default 256: each costs its decoding, and
    /// what is tried is bounded by [`candidates`](Self::candidates).
    pub recipients: usize,
    /// Layers of recipients within recipients. Default 4: RFC 9052 shows two.
    pub recipient_depth: usize,
    /// Secret keys tried for one message with recipients: each recipient with each key that answers
    /// to it. Default 64: unwrapping is cheap, and a key that is agreed on costs less than a
    /// signature.
    pub secret_candidates: usize,
    /// Keys tried for one signature, or for one message without recipients. Default 8: each try is
    /// a whole verification, and no honest trust store has more keys of one kid.
    pub candidates: usize,
    /// Certificates beside one signature that are looked at. Default 8, at most 16: published paths
    /// have two to four, and the orders in which certificates of one name can be tried grow fast.
    pub certificates: usize,
    /// Signatures of certificates that are checked for one signature. Default 16: twice what a path
    /// through all certificates needs.
    pub path_signatures: usize,
    /// Certificates that are put onto a path on the way to one that holds, over all anchors.
    /// Default 256: certificates of different names need as many as they are, for each anchor that
    /// issued one; those of one name can be combined in thousands of ways.
    pub path_steps: usize,
    /// Layers of CWTs within CWTs. Default 4: a signed token that is encrypted has two.
    pub nested_tokens: usize,
    /// Signatures and tags checked in one call, over everything that it leads to: signatures,
    /// candidates, receipts, certificates. Default 64: a check costs a tenth of a millisecond, and
    /// no honest message needs as many.
    pub signature_checks: usize,
}

impl Limits {
    /// The defaults, whose reasons stand beside each field.
    pub const DEFAULT: Self = Self {
        cbor: cbor::Limits::DEFAULT,
        header_entries: 64,
        signatures: 64,
        countersignatures: 64,
        recipients: 256,
        recipient_depth: 4,
        secret_candidates: 64,
        candidates: 8,
        certificates: 8,
        path_signatures: 16,
        path_steps: 256,
        nested_tokens: 4,
        signature_checks: 64,
    };

    /// Returns these limits with other limits for CBOR.
    #[must_use]
    pub const fn with_cbor(mut self, cbor: cbor::Limits) -> Self {
        self.cbor = cbor;
        self
    }

    /// Returns these limits with another number of [`header_entries`](Self::header_entries).
    #[must_use]
    pub const fn with_header_entries(mut self, header_entries: usize) -> Self {
        self.header_entries = header_entries;
        self
    }

    /// Returns these limits with another number of [`signatures`](Self::signatures).
    #[must_use]
    pub const fn with_signatures(mut self, signatures: usize) -> Self {
        self.signatures = signatures;
        self
    }

    /// Returns these limits with another number of [`countersignatures`](Self::countersignatures).
    #[must_use]
    pub const fn with_countersignatures(mut self, countersignatures: usize) -> Self {
        self.countersignatures = countersignatures;
        self
    }

    /// Returns these limits with another number of [`recipients`](Self::recipients).
    #[must_use]
    pub const fn with_recipients(mut self, recipients: usize) -> Self {
        self.recipients = recipients;
        self
    }

    /// Returns these limits with another [`recipient_depth`](Self::recipient_depth).
    #[must_use]
    pub const fn with_recipient_depth(mut self, recipient_depth: usize) -> Self {
        self.recipient_depth = recipient_depth;
        self
    }

    /// Returns these limits with another number of [`secret_candidates`](Self::secret_candidates).
    #[must_use]
    pub const fn with_secret_candidates(mut self, secret_candidates: usize) -> Self {
        self.secret_candidates = secret_candidates;
        self
    }

    /// Returns these limits with another number of [`candidates`](Self::candidates).
    #[must_use]
    pub const fn with_candidates(mut self, candidates: usize) -> Self {
        self.candidates = candidates;
        self
    }

    /// Returns these limits with another number of [`certificates`](Self::certificates).
    #[must_use]
    pub const fn with_certificates(mut self, certificates: usize) -> Self {
        self.certificates = certificates;
        self
    }

    /// Returns these limits with another number of [`path_signatures`](Self::path_signatures).
    #[must_use]
    pub const fn with_path_signatures(mut self, path_signatures: usize) -> Self {
        self.path_signatures = path_signatures;
        self
    }

    /// Returns these limits with another number of [`path_steps`](Self::path_steps).
    #[must_use]
    pub const fn with_path_steps(mut self, path_steps: usize) -> Self {
        self.path_steps = path_steps;
        self
    }

    /// Sets the number of [`nested_tokens`](Self::nested_tokens).
    #[must_use]
    pub const fn with_nested_tokens(mut self, nested_tokens: usize) -> Self {
        self.nested_tokens = nested_tokens;
        self
    }

    /// Sets the number of [`signature_checks`](Self::signature_checks).
    #[must_use]
    pub const fn with_signature_checks(mut self, signature_checks: usize) -> Self {
        self.signature_checks = signature_checks;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
