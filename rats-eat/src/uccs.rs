//! Claims that nobody protects (RFC 9781).

use cose_ext::{Profile, cwt::Cwt};

use crate::{Claims, Error, Rule, label::UCCS_TAG, token::untag};

/// An unprotected CWT claims set: tag 601 around claims that anybody can have written. What carried
/// them has to say who did, a mutually authenticated channel for one (RFC 9781 3).
///
/// [`Token::decode`](crate::Token::decode) refuses it, and its claims are never
/// [`Verified`](cose_ext::Verified):
///
/// ```compile_fail,E0308
/// use cose_ext::{Verified, sign::Signers};
/// use rats_eat::{Claims, Uccs};
/// fn appraise(claims: &Verified<Claims<'_>, Signers>) { let _ = claims; }
/// fn mistake(uccs: &Uccs<'_>) {
///     appraise(uccs.danger_unsecured_claims());
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Uccs<'a> {
    claims: Claims<'a>,
}

impl<'a> Uccs<'a> {
    /// The CBOR tag (RFC 9781 4).
    pub const TAG: u64 = UCCS_TAG;

    /// Reads a tagged claims set that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// [`Rule::UccsTag`] without tag 601, or with the CWT tag around it; those of [`Claims::of`].
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        Self::at(bytes, 0, profile)
    }

    /// Reads a tagged claims set that stands at byte `offset` of a larger input.
    pub(crate) fn at(bytes: &'a [u8], offset: usize, profile: &Profile) -> Result<Self, Error> {
        const _: () = assert!(Cwt::TAG != UCCS_TAG);
        let tagged = untag(bytes, offset, profile)?;
        match tagged.tag {
            Some(UCCS_TAG) => Ok(Self { claims: Claims::of(&tagged.content)? }),
            _ => Err(Error::broken(Rule::UccsTag, offset)),
        }
    }

    /// Returns the claims, for which nobody vouches.
    #[must_use]
    pub const fn danger_unsecured_claims(&self) -> &Claims<'a> {
        &self.claims
    }
}
