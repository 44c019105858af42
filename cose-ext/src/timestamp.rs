//! Timestamps of RFC 3161 in COSE headers, checked against what they stamp (RFC 9921).
//!
//! A token is an object of CMS. Read here is what binds it to a message: the kind of its content,
//! the message imprint, the time. The authority's signature over that, its certificate and what it
//! is trusted for are a [`TimestampAuthority`]'s, which the caller brings.

mod token;

pub use token::{TimestampInfo, TimestampToken};

use crate::{
    Context, Error, Input, Rule, Sign1, Verified,
    crypto::Algorithm,
    error::{Policy, Unsupported, Verification},
    header::Timestamp,
    key::Identity,
};

/// Trusts authorities, and checks what they sign.
pub trait TimestampAuthority {
    /// Checks the CMS signature of `token` under the certificate of a trusted authority, which has
    /// timestamping as its only extended key usage (RFC 3161 2.3), and says which one it is.
    ///
    /// # Errors
    ///
    /// [`Policy::TimestampAuthority`], or what fits better.
    fn verify(&self, token: &TimestampToken<'_>) -> Result<Identity, Error>;
}

impl<'a> Timestamp<'a> {
    /// Checks the token against `message`, a COSE_Sign1, and has `authority` check the rest.
    ///
    /// The result says at which time the payload, or the signature, existed at the latest. It does
    /// not say that the signature is valid: verify the message for that.
    ///
    /// # Errors
    ///
    /// `Malformed` if it is not a token; `Verification` if it stamps something else; `Unsupported`
    /// and `Policy` for its hash; what `authority` says.
    pub fn verify(
        &self,
        message: &Sign1<'a>,
        input: &Input<'_, '_>,
        authority: &dyn TimestampAuthority,
        context: &Context<'_>,
    ) -> Result<Verified<TimestampInfo<'a>, Identity>, Error> {
        let covered = self.covered(message, input)?;
        self.verify_over(&[covered], authority, context)
    }

    /// Checks the timestamp over the bytes that the mode names, in parts: for messages with several
    /// signatures.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_over(
        &self,
        covered: &[&[u8]],
        authority: &dyn TimestampAuthority,
        context: &Context<'_>,
    ) -> Result<Verified<TimestampInfo<'a>, Identity>, Error> {
        let token =
            TimestampToken::decode(self.token()).map_err(|error| error.within(self.offset()))?;
        token.check_imprint(covered, context).map_err(|error| error.within(self.offset()))?;
        let by = authority.verify(&token)?;
        Ok(Verified::new(*token.danger_unverified_info(), by))
    }
}

impl TimestampToken<'_> {
    /// Checks that the token stamps the concatenation of `covered`.
    ///
    /// # Errors
    ///
    /// `Verification` if it stamps something else, `Policy` for a hash that may only filter,
    /// `Unsupported` for one that is not known or that the provider does not have.
    pub fn check_imprint(&self, covered: &[&[u8]], context: &Context<'_>) -> Result<(), Error> {
        let algorithm = match self.imprint_algorithm() {
            Some(Algorithm::SHA1) => {
                return Err(Policy::FilterOnlyHash(Algorithm::SHA1).into());
            }
            Some(algorithm) => algorithm,
            None => {
                let offset = self.imprint_offset();
                return Err(Error::from(Unsupported::AlgorithmName).at(offset));
            }
        };
        let digest = self.hashed_message();
        if algorithm.hash_len() != Some(digest.len()) {
            return Err(Error::malformed(Rule::TimestampForm, self.imprint_offset()));
        }
        if context.hash(algorithm, covered)?.as_ref() == digest {
            Ok(())
        } else {
            Err(Verification::TimestampImprint.into())
        }
    }
}
