//! Tokens written in memory of the caller.
//!
//! ```
//! use cose_ext::{crypto::Algorithm, cwt::ClaimKey};
//! use rats_eat::attester::{self, ClaimsWriter};
//!
//! let nonce = [7; 8];
//! let claims = |claims: &mut ClaimsWriter<'_, '_>| {
//!     claims.bytes(ClaimKey::EAT_NONCE, &nonce);
//!     claims.uint(ClaimKey::UPTIME, 60);
//!     claims.submodules(&|parts| {
//!         parts.claims("TEE", &|claims| {
//!             claims.text(ClaimKey::SWNAME, "trusted os");
//!         });
//!     });
//! };
//! let mut buffer = [0; 128];
//! let draft = attester::draft(&mut buffer, Algorithm::ES256, Some(b"iak"), 64, &claims)?;
//! // To the signer: draft.structure().parts()
//! let token = draft.attach(&[0x5a; 64])?;
//! assert_eq!(token[0], 0xd2); // tag 18
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod claims_writer;

pub use crate::version_scheme::VersionScheme;
pub use claims_writer::{ClaimsWriter, SubmodulesWriter, write_claims};

use cose_ext::{
    Label,
    cbor::Writer,
    crypto::{Algorithm, BufferTooShort, Signer},
    cwt::Cwt,
    error::Misuse,
    sign1::Draft,
};

use crate::{Error, label::BUNDLE_TAG};

/// Writes all of a token but its signature: a COSE_Sign1 with tag 18, and in its protected header
/// the algorithm and, where one is given, the kid. Signed where the key is, and completed with
/// [`Draft::attach`] or [`Draft::sign`].
///
/// `claims` is called twice, once to count.
///
/// # Errors
///
/// [`Rule::ClaimOrder`](crate::Rule::ClaimOrder) if the claims do not come in the order of
/// deterministic encoding; `Misuse` if `out` is too short for the token with a signature of
/// `signature_len` bytes: the error says what is needed.
pub fn draft<'o>(
    out: &'o mut [u8],
    algorithm: Algorithm,
    key_id: Option<&[u8]>,
    signature_len: usize,
    claims: &dyn Fn(&mut ClaimsWriter<'_, '_>),
) -> Result<Draft<'o>, Error> {
    let entries = usize::from(key_id.is_some());
    let header = Draft::write(out, algorithm, entries, |header| {
        if let (Some(key_id), Some(label)) = (key_id, Label::KID.to_i64()) {
            header.int(label).bytes(key_id);
        }
    });
    let mut written = Ok(());
    let draft = header
        .room_for(signature_len)
        .payload(|payload| written = write_claims(payload, claims))
        .map_err(too_short)?;
    written.map(|()| draft)
}

/// Writes and signs a CWT: tag 61 around what [`draft`] writes.
///
/// # Errors
///
/// As [`draft`], and if the signer refuses.
pub fn sign<'o>(
    out: &'o mut [u8],
    key_id: Option<&[u8]>,
    signer: &dyn Signer,
    claims: &dyn Fn(&mut ClaimsWriter<'_, '_>),
) -> Result<&'o [u8], Error> {
    let mut tag = Writer::new(out);
    let head = tag.tag(Cwt::TAG).len();
    // A buffer shorter than the tag: the draft says what is needed.
    let message = out.get_mut(head..).unwrap_or_default();
    let signature_len = signer.signature_len();
    let draft = draft(message, signer.algorithm(), key_id, signature_len, claims);
    let draft = draft.map_err(|error| error.needing_more(head))?;
    let len = draft.sign(signer)?.len();
    let needed = len.saturating_add(head);
    out.get(..needed).ok_or(too_short(BufferTooShort { needed }))
}

/// Writes a detached bundle (RFC 9711 5): a signed token, and the claims sets that its digests
/// name, in the order of deterministic encoding.
///
/// # Errors
///
/// `Misuse` if `out` is too short.
pub fn bundle<'o>(
    out: &'o mut [u8],
    token: &[u8],
    detached: &[(&str, &[u8])],
) -> Result<&'o [u8], Error> {
    let mut writer = Writer::new(out);
    writer.tag(BUNDLE_TAG).array(2).bytes(token).map(detached.len());
    for (name, set) in detached {
        writer.text(name).bytes(set);
    }
    writer.finish().map(|bundle| &*bundle).map_err(too_short)
}

fn too_short(error: BufferTooShort) -> Error {
    cose_ext::Error::from(Misuse::BufferTooShort(error)).into()
}
