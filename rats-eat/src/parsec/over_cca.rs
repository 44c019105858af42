//! Parsec key attestations over Arm CCA: a key in a claims set that nobody signs, bound to a realm.
//!
//! A map of two parts: `kat`, an unprotected claims set (tag 601) with a nonce and the key, and
//! `pat`, a CCA token whose realm has the hash of the first part as its challenge.

use cose_ext::{
    Context, Digest, Profile, Trust, Verified,
    cbor::{Map, Raw},
    crypto::Algorithm,
    sign::Signers,
};

use crate::{
    Claims, Error, Requirements, Rule, Uccs,
    cca::{CcaEvidence, CcaToken},
    claim::Nonces,
    error::Breaks,
};

const FORM: Rule = Rule::ParsecForm;

/// A key attestation as it was received. Untrusted.
///
/// ```compile_fail,E0616
/// use rats_eat::parsec::ParsecCcaToken;
/// fn read<'a>(token: ParsecCcaToken<'a>) -> &'a [u8] {
///     token.key.bytes() // private: what is not verified is not read
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ParsecCcaToken<'a> {
    key: Raw<'a>,
    platform: CcaToken<'a>,
    platform_offset: usize,
    len: usize,
}

/// What a key attestation says, and who vouches for it.
///
/// ```compile_fail,E0308
/// use rats_eat::{Claims, cca::CcaEvidence, parsec::ParsecCcaEvidence};
/// fn forge<'a>(key: Claims<'a>, platform: CcaEvidence<'a>) -> ParsecCcaEvidence<'a> {
///     ParsecCcaEvidence { key, platform } // nobody vouches for the key
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct ParsecCcaEvidence<'a> {
    /// Claims with the key (`cnf`) and the nonce that the verifier sent; the realm vouches for
    /// them.
    pub key: Verified<Claims<'a>, Signers>,
    /// The platform, and the realm.
    pub platform: CcaEvidence<'a>,
}

impl<'a> ParsecCcaToken<'a> {
    /// Reads a key attestation that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// [`Rule::ParsecForm`] for a member that is missing, and a first part without tag 601, nonce
    /// or key; those of [`CcaToken::decode`].
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let parts = Map::new(&profile.item(bytes, 0)?).breaks(FORM)?;
        let missing = Error::broken(FORM, 0);
        let [key, platform] = ["kat", "pat"].map(|name| parts.find_text(name).ok_or(missing));
        let (key, platform) = (key?, platform?);
        key_claims(key, profile)?;
        let platform_offset = platform.offset();
        let token = CcaToken::decode(platform.bytes(), profile);
        let platform = token.map_err(|error| error.within(platform_offset))?;
        Ok(Self { key, platform, platform_offset, len: bytes.len() })
    }

    /// Returns the CCA token, to find the key of its platform by what it says.
    #[must_use]
    pub const fn platform(&self) -> &CcaToken<'a> {
        &self.platform
    }

    /// Checks the CCA token by those whom `trust` names, and that the challenge of its realm is the
    /// SHA-512 of the first part, which the realm so vouches for.
    ///
    /// Whether the nonce in the first part is the one that was sent is asked of a
    /// [`Freshness`](crate::Freshness).
    ///
    /// # Errors
    ///
    /// Those of [`CcaToken::verify`]; [`Rule::ParsecBinding`].
    pub fn verify(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<ParsecCcaEvidence<'a>, Error> {
        context.begin(self.len, |context| {
            let platform = self.platform.verify(trust, requirements, context);
            let platform = platform.map_err(|error| error.within(self.platform_offset))?;
            let unbound = Error::broken(Rule::ParsecBinding, self.key.offset());
            let digest = platform.realm.try_map(challenge).map_err(|_| unbound)?;
            let key = digest.vouch_for_item(&self.key, context).map_err(|_| unbound)?;
            let key = key.try_map_within(&context.profile, key_claims)?;
            Ok(ParsecCcaEvidence { key, platform })
        })
    }
}

/// Reads the first part: an unprotected claims set with one nonce and a key.
fn key_claims<'a>(item: Raw<'a>, profile: &Profile) -> Result<Claims<'a>, Error> {
    let broken = Error::broken(FORM, item.offset());
    let uccs = Uccs::at(item.bytes(), item.offset(), profile).map_err(|_| broken)?;
    let claims = *uccs.danger_unsecured_claims();
    claims.nonces()?.ok_or(broken)?;
    match claims.confirmation()? {
        Some(confirmation) if confirmation.key().is_some() => Ok(claims),
        _ => Err(broken),
    }
}

/// Reads the challenge of a realm as the digest that it is.
fn challenge(claims: Claims<'_>) -> Result<Digest<'_>, Error> {
    let broken = Error::broken(Rule::CcaChallenge, claims.offset());
    let challenge = claims.nonces()?.as_ref().and_then(Nonces::only).ok_or(broken)?;
    Digest::new(Algorithm::SHA512, challenge).map_err(|_| broken)
}
