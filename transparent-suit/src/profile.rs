//! The names and numbers of the profile (docs/transparent-suit.md 3).

use cose_ext::{Label, crypto::Algorithm, cwt::ClaimKey, header::ContentType};
use scitt_core::{EntryEncoding, EntryPayload, EntryRule};

/// `typ` of a block, unless the application says otherwise. A working name: it is not registered.
pub const TYP: ContentType<'static> = ContentType::MediaType("application/transparent-suit+cose");

/// `content type` of a block: the Content-Format of `application/cbor`, since the payload is the
/// SUIT_Digest, which is CBOR.
pub const CONTENT_TYPE: ContentType<'static> = ContentType::ContentFormat(60);

/// The claim that holds the sequence number of the manifest: a text key until one is assigned.
pub const SUIT_SEQUENCE: ClaimKey<'static> = ClaimKey::text("suit-sequence");

/// The unprotected header parameter of a submission that holds the manifest, the byte string of the
/// envelope with its head, for the service to look at. It is not logged.
pub const MANIFEST: Label<'static> = Label::text("suit-manifest");

/// The bytes that a log enters for a block: the tagged COSE_Sign1 with attached payload, an empty
/// unprotected map and preferred heads, not hashed before. A service that enters their SHA-256
/// digest is pinned with [`EntryRule::DEFAULT`] instead; either rule is an attribute of the service
/// key that a device trusts.
pub const ENTRY_RULE: EntryRule =
    EntryRule { encoding: EntryEncoding::Preferred(EntryPayload::Attached), hash: None };

/// Returns whether `algorithm` is fully specified: whether it names the curve, which ES256, ES384,
/// ES512 and EdDSA leave to the key (RFC 9864 4.2).
pub(crate) const fn is_fully_specified(algorithm: Algorithm) -> bool {
    !matches!(algorithm, Algorithm::ES256 | Algorithm::ES384 | Algorithm::ES512 | Algorithm::EDDSA)
}
