//! Verification.

use alloc::{string::String, vec::Vec};

use cose_ext::{
    Bare, Context, IssuerBinding, Profile, Trust, Verified,
    error::{ErrorKind as CoseErrorKind, Policy},
    sign::Signers,
};

use super::{Jws, algorithm, decoded};
use crate::{Claims, Error, Requirements, Rule, ear, eat_json, error::ErrorKind, json::Json};

impl Jws<'_> {
    /// Checks the signature or the tag by those whom `trust` names, and returns the payload,
    /// decoded.
    ///
    /// Keys come from `trust` alone: what the header brings or points to is not looked at. A tag is
    /// checked with secret keys alone. The issuer that the payload claims, if it is the claims of a
    /// JWT, is compared with the one that the key is enrolled for.
    ///
    /// # Errors
    ///
    /// `Verification` and `Policy` of cose-ext, as for a COSE message; [`Rule::JwsSecretKey`] if no
    /// secret key answers to a tag; [`Rule::JwsEmbeddedKey`] if no enrolled key answers, and the
    /// header brings one; [`Rule::Base64Url`] if the payload is not encoded.
    pub fn verify(
        &self,
        trust: &Trust<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Vec<u8>>, Error> {
        let issuer = self.claimed_issuer(&context.profile);
        let mut bare = Bare::new(self.header.algorithm, &self.signature);
        if let Some(key_id) = self.key_id() {
            bare = bare.with_key_id(key_id.as_bytes());
        }
        if let Some(issuer) = &issuer {
            bare = bare.with_claimed_issuer(issuer);
        }
        let parts = [self.signed.as_bytes()];
        let is_mac = algorithm::is_mac(self.header.algorithm);
        let verified = if is_mac {
            bare.verify_mac(&parts, trust.secrets, context)
        } else {
            bare.verify_signature(&parts, trust.keys, context)
        };
        let verified = verified.map_err(|error| match error.kind() {
            CoseErrorKind::Policy(Policy::NotEnrolled { .. }) if is_mac => {
                Error::refused(Rule::JwsSecretKey)
            }
            CoseErrorKind::Policy(Policy::NotEnrolled { .. }) if self.header.has_key => {
                Error::refused(Rule::JwsEmbeddedKey)
            }
            _ => error.into(),
        })?;
        verified.try_map(payload)
    }

    /// Checks the token as [`verify`](Self::verify) does, and returns the claims of an EAT in
    /// deterministic CBOR: [`eat_json::to_cbor`].
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); if the key is enrolled for an issuer and the token claims none;
    /// [`Rule::IssuerBound`]; [`Rule::JwsExternalData`]; if the payload is not a claims set.
    pub fn verify_eat(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Vec<u8>, Signers>, Error> {
        self.verify_jwt(trust, requirements, context, |payload, profile| {
            eat_json::to_cbor(&payload, profile)
        })
    }

    /// Checks the token as [`verify`](Self::verify) does, and returns the claims of an attestation
    /// result in CBOR: [`ear::from_json`].
    ///
    /// # Errors
    ///
    /// As [`verify_eat`](Self::verify_eat); if the payload is not an attestation result.
    pub fn verify_ear(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
    ) -> Result<Verified<Vec<u8>, Signers>, Error> {
        self.verify_jwt(trust, requirements, context, |payload, profile| {
            ear::from_json(&payload, profile)
        })
    }

    fn verify_jwt(
        &self,
        trust: &Trust<'_>,
        requirements: &Requirements<'_>,
        context: &Context<'_>,
        read: fn(Vec<u8>, &Profile) -> Result<Vec<u8>, Error>,
    ) -> Result<Verified<Vec<u8>, Signers>, Error> {
        if !requirements.supplied.external_aad.is_empty() {
            return Err(Error::refused(Rule::JwsExternalData));
        }
        let payload = self.verify(trust, context)?;
        if payload.by().issuer() == IssuerBinding::NotClaimed {
            return Err(cose_ext::Error::from(Policy::IssuerNotClaimed).into());
        }
        let claims = payload.try_map_within(&context.profile, read)?.by_several();
        requirements.policy.check_signers(claims.by())?;
        requirements
            .check_issuer(&Claims::decode(claims.value(), &context.profile)?, claims.by())?;
        Ok(claims)
    }

    /// `iss` of the payload: a hint for choosing the key, and covered by the signature that it
    /// leads to.
    fn claimed_issuer(&self, profile: &Profile) -> Option<String> {
        Json::decode_text_of(&decoded(self.payload).ok()?, "iss", profile).ok()?
    }
}

/// The payload of what was signed: the part behind the dot.
fn payload(parts: &[&[u8]]) -> Result<Vec<u8>, Error> {
    let signed = parts.first().and_then(|signed| core::str::from_utf8(signed).ok());
    let payload = signed.and_then(|signed| signed.split_once('.')).map(|(_, payload)| payload);
    decoded(payload.ok_or(Error::new(ErrorKind::Broken(Rule::JwsForm)))?)
}
