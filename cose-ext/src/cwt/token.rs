//! Signed CWTs.

use core::fmt;

use super::Claims;
use crate::{
    Context, Error, Input, IssuerBinding, Notes, Profile, Rule, Sign1, Signed, Supplied, Verified,
    cbor::{Item, Reader, Type},
    error::Policy,
    key::KeyResolver,
    tag,
};

/// A signed CWT as it was received (RFC 8392 7): a COSE_Sign1 whose payload is a claims set, with
/// the CWT tag or without. Untrusted: its claims can be had by [`verify`](Self::verify), or by a
/// method whose name says that they are not verified.
#[derive(Clone, Copy)]
pub struct Cwt<'a> {
    message: Sign1<'a>,
    is_tagged: bool,
}

impl<'a> Cwt<'a> {
    /// The CBOR tag (RFC 8392 6).
    pub const TAG: u64 = tag::CWT;

    /// Reads a token that is the whole of `bytes`.
    ///
    /// # Errors
    /// Those of [`Sign1::decode`]; and if the CWT tag is there, and the tag of COSE_Sign1 is not:
    /// RFC 8392 6 wants both.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        if reader.peek()? == Type::Tag && reader.item()? == Item::Tag(Self::TAG) {
            let start = reader.position();
            let (_, message) = bytes.split_at_checked(start).unwrap_or_default();
            let message = Sign1::decode(message, profile).map_err(|error| error.within(start))?;
            if !message.is_tagged() {
                return Err(Error::malformed(Rule::CwtTag, start));
            }
            return Ok(Self { message, is_tagged: true });
        }
        Ok(Self { message: Sign1::decode(bytes, profile)?, is_tagged: false })
    }

    /// The message. Offsets of its errors count from its own first byte.
    pub const fn message(&self) -> &Sign1<'a> {
        &self.message
    }

    /// Whether the token came with tag 61.
    pub const fn is_tagged(&self) -> bool {
        self.is_tagged
    }

    /// The claims of the payload, which nobody has verified: for choosing a key, never for acting.
    ///
    /// # Errors
    /// If there is no payload, or it is no claims set.
    pub fn danger_unverified_claims(&self, profile: &Profile) -> Result<Claims<'a>, Error> {
        Claims::decode(self.message.danger_unverified_payload_of(&Input::embedded())?, profile)
    }

    /// Checks the signature under one of the keys that `keys` answers with; the payload is embedded,
    /// and is a claims set that agrees with the claims of both header buckets (RFC 9597 2).
    ///
    /// The issuer that the token claims in its payload is compared with the one that the key is
    /// enrolled for ([`SignedBy::issuer`](crate::SignedBy::issuer)).
    ///
    /// Whether the claims are valid now and for this audience is asked of them:
    /// [`Claims::check_time`], [`Claims::check_audience`].
    ///
    /// # Errors
    /// Those of [`Sign1::verify`] and of [`Claims::decode`]; if claims differ; and if the key is
    /// enrolled for an issuer and the token claims none.
    pub fn verify(
        &self,
        supplied: &Supplied<'_>,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Claims<'a>>, Error> {
        let mut supplied = *supplied;
        // A hint for choosing the key, and no more: what is no claims set shows below.
        let claims = self.danger_unverified_claims(&context.profile);
        supplied.claimed_issuer = claims.ok().and_then(|claims| claims.issuer().ok().flatten());
        let input = Input::embedded().with_supplied(supplied);
        context.begin(self.message.bytes().len(), |context| {
            let signed = self.message.verify(&input, keys, context)?;
            if signed.by().issuer() == IssuerBinding::NotClaimed {
                return Err(Policy::IssuerNotClaimed.into());
            }
            let claims = signed.claims(context)?;
            // Nobody signed these, so they can only take away.
            if let Some(header) = self.message.headers().unprotected().cwt_claims()? {
                header.check_agreement(claims.value(), context)?;
            }
            let tagged = claims.value().has_tagged_date();
            let (claims, by) = (*claims.value(), *claims.by());
            Ok(Verified::new(claims, by.with_notes(Notes::only_if(Notes::TAGGED_DATE, tagged))))
        })
    }
}

impl<'p, B> Verified<Signed<'_, 'p>, B> {
    /// Reads the payload as the claims set of a CWT, which agrees with the claims of the protected
    /// header (RFC 9597 2).
    ///
    /// # Errors
    /// If the payload is no claims set, or a claim has another value in the protected header.
    pub fn claims(self, context: &Context<'_>) -> Result<Verified<Claims<'p>, B>, Error> {
        let header = self.value().protected().cwt_claims()?;
        let claims = self.try_map_within(&context.profile, |signed, profile| {
            Claims::of(&signed.payload_item(profile)?)
        })?;
        if let Some(header) = header {
            header.check_agreement(claims.value(), context)?;
        }
        Ok(claims)
    }
}

impl fmt::Debug for Cwt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Cwt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_tagged {
            write!(f, "{}({})", Self::TAG, self.message)
        } else {
            fmt::Display::fmt(&self.message, f)
        }
    }
}
