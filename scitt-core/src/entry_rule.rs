//! What a log calls its entry.

mod named;
#[cfg(feature = "alloc")]
mod numbers;

use cose_ext::{
    Sign1,
    cbor::Head,
    crypto::{Algorithm, HashFunction},
};

/// Which bytes of a statement a log calls its entry. RFC 9942 and RFC 9943 do not say for
/// RFC9162_SHA256; logs differ, so it is an attribute of a service key, and none is tried in turn.
///
/// In every rule the unprotected header is an empty map (RFC 9943 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryRule {
    /// How the statement is written down.
    pub encoding: EntryEncoding,
    /// The hash function that is applied to it, if any.
    pub hash: Option<Algorithm>,
}

/// See [`EntryRule::encoding`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryEncoding {
    /// A tagged COSE_Sign1 with heads in preferred serialization.
    Preferred(EntryPayload),
    /// The bytes as submitted, tag and heads included.
    AsReceived,
}

/// The payload in an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryPayload {
    /// Attached or nil, as submitted.
    AsSubmitted,
    /// Attached, also when the statement came with a detached one.
    Attached,
    /// Nil, also when the statement came with an attached one. The entry then binds the payload
    /// only through the signature.
    Nil,
}

impl EntryRule {
    /// SHA-256 over the tagged COSE_Sign1 with attached payload, an empty unprotected map and
    /// preferred heads: what CCF ledgers put into their data hash, and the default of this project.
    pub const DEFAULT: Self = Self {
        encoding: EntryEncoding::Preferred(EntryPayload::Attached),
        hash: Some(Algorithm::SHA256),
    };

    /// Returns the entry of `statement`, whose payload is `payload` wherever it came from.
    #[must_use]
    pub fn entry<'s>(&self, statement: &Sign1<'s>, payload: &'s [u8]) -> Entry<'s> {
        let attached = statement.danger_unverified_payload();
        match self.encoding {
            EntryEncoding::AsReceived => Entry::as_received(statement),
            EntryEncoding::Preferred(rule) => Entry::preferred(
                statement,
                match rule {
                    EntryPayload::AsSubmitted => attached,
                    EntryPayload::Attached => Some(payload),
                    EntryPayload::Nil => None,
                },
            ),
        }
    }

    /// Whether an entry of `statement` contains the payload.
    pub(crate) fn binds_payload(&self, statement: &Sign1<'_>) -> bool {
        match self.encoding {
            EntryEncoding::Preferred(EntryPayload::Attached) => true,
            EntryEncoding::Preferred(EntryPayload::Nil) => false,
            EntryEncoding::Preferred(EntryPayload::AsSubmitted) | EntryEncoding::AsReceived => {
                statement.danger_unverified_payload().is_some()
            }
        }
    }
}

impl Default for EntryRule {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The bytes of an entry in parts that borrow from the statement: hashed without a copy.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'s> {
    before: &'s [u8],
    protected: Option<Counted<'s>>,
    payload: Option<Option<Counted<'s>>>,
    signature: Option<Counted<'s>>,
    after: &'s [u8],
}

/// A byte string with its head in preferred serialization.
#[derive(Clone, Copy, Debug)]
struct Counted<'s> {
    head: Head,
    bytes: &'s [u8],
}

impl<'s> Counted<'s> {
    const fn new(bytes: &'s [u8]) -> Self {
        Self { head: Head::bytes(bytes.len()), bytes }
    }
}

impl<'s> Entry<'s> {
    /// Tag 18 and the head of an array of four.
    const TAG_AND_ARRAY: &'static [u8] = &[0xd2, 0x84];
    const EMPTY_MAP: &'static [u8] = &[0xa0];
    const NIL: &'static [u8] = &[0xf6];

    fn preferred(statement: &Sign1<'s>, payload: Option<&'s [u8]>) -> Self {
        Self {
            before: Self::TAG_AND_ARRAY,
            protected: Some(Counted::new(statement.headers().protected().as_received())),
            payload: Some(payload.map(Counted::new)),
            signature: Some(Counted::new(statement.signature())),
            after: &[],
        }
    }

    pub(crate) fn as_received(statement: &Sign1<'s>) -> Self {
        let unprotected = statement.headers().unprotected();
        let end = unprotected.offset().saturating_add(unprotected.bytes().len());
        let bytes = statement.bytes();
        Self {
            before: bytes.get(..unprotected.offset()).unwrap_or_default(),
            protected: None,
            payload: None,
            signature: None,
            after: bytes.get(end..).unwrap_or_default(),
        }
    }

    /// Returns the parts, to be hashed in this order.
    #[must_use]
    pub fn parts(&self) -> [&[u8]; 9] {
        let [protected_head, protected] = split_parts(&self.protected);
        let [signature_head, signature] = split_parts(&self.signature);
        let [payload_head, payload]: [&[u8]; 2] = match &self.payload {
            Some(Some(payload)) => [payload.head.as_bytes(), payload.bytes],
            Some(None) => [Self::NIL, &[]],
            None => [&[], &[]],
        };
        [
            self.before,
            protected_head,
            protected,
            Self::EMPTY_MAP,
            payload_head,
            payload,
            signature_head,
            signature,
            self.after,
        ]
    }

    /// Computes the digest of the entry.
    pub fn hash(&self, function: &dyn HashFunction) -> cose_ext::crypto::HashValue {
        function.hash(&self.parts())
    }
}

fn split_parts<'x>(counted: &'x Option<Counted<'_>>) -> [&'x [u8]; 2] {
    counted.as_ref().map_or([&[], &[]], |counted| [counted.head.as_bytes(), counted.bytes])
}
