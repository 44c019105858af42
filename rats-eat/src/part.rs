//! The parts of a token.

use cose_ext::{Digest, Verified, sign::Signers};

use crate::{Claims, Error, Path, claim::JsonSelector};

/// One part of a token: the claims set of the token itself, or a submodule.
///
/// Its claims are verified, and no others get in:
///
/// ```compile_fail,E0308
/// use rats_eat::{Claims, PartContent};
/// fn forge(claims: Claims<'_>) -> PartContent<'_> {
///     PartContent::Claims(claims) // nobody vouches for them
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Part<'p, 'a> {
    /// Where it stands.
    pub path: &'p Path<'p>,
    /// Who vouches for it.
    pub voucher: Voucher,
    /// What it is.
    pub content: PartContent<'a>,
    /// How many tokens stand around it, one in the other; of a token within, the token itself
    /// counts.
    pub tokens_around: usize,
}

/// Who vouches for a [`Part`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Voucher {
    /// The signature, or tag, of the token around it, and nobody else.
    OuterSignature,
    /// Its own. That of the token around it covers the bytes too; it does not say that the two
    /// belong to one device, and nonce and `cnf` of one are none of the other.
    OwnSignature,
    /// A digest in the token around it, for a claims set that stands elsewhere.
    Digest,
    /// Nobody whom the verifier knows: its own signature could not be judged.
    Nobody,
}

/// What a [`Part`] is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "borrowed views, where there may be no heap")]
pub enum PartContent<'a> {
    /// A claims set, with those who vouch for it.
    Claims(Verified<Claims<'a>, Signers>),
    /// Something in JSON, as a text that the token around it vouches for; not read further here.
    Json(Verified<JsonSelector<'a>, Signers>),
    /// The digest of a claims set that was not supplied.
    NotSupplied(Verified<Digest<'a>, Signers>),
    /// A token of somebody whose key nobody enrolled, and why nothing can be said of it.
    NotEvaluated(Error),
}
