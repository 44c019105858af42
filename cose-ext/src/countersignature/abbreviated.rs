//! Abbreviated countersignatures.

use super::{CountersignStructure, Countersigned, Target, Version, check, structure::Fields};
use crate::{
    Context, Error, Input, Notes, Profile, Verified,
    crypto::Algorithm,
    header::Protected,
    key::{KeyHint, KeyResolver},
};

/// A COSE_Countersignature0 as it was received: a signature and nothing else (RFC 9338 3.2).
///
/// It has no headers: the context in which the target is used says which algorithm and whose key it
/// is.
#[derive(Clone, Copy, Debug)]
pub struct Countersignature0<'a> {
    signature: &'a [u8],
    version: Version,
}

impl<'a> Countersignature0<'a> {
    /// Makes one from the bare signature, the content of the byte string, when it travels alone.
    #[must_use]
    pub const fn new(signature: &'a [u8]) -> Self {
        Self::of(signature, Version::V2)
    }

    pub(crate) const fn of(signature: &'a [u8], version: Version) -> Self {
        Self { signature, version }
    }

    /// Returns the signature as received.
    #[must_use]
    pub const fn signature(&self) -> &'a [u8] {
        self.signature
    }

    /// Returns what was signed (RFC 9338 3.3), in parts that borrow from target and `input`.
    /// `profile` says in which form an empty protected map enters.
    ///
    /// # Errors
    ///
    /// If the target embeds its content where a detached one was given, or has none.
    pub fn to_be_signed<'s>(
        &self,
        target: impl Into<Target<'a>>,
        input: &Input<'s, 's>,
        profile: &Profile,
    ) -> Result<CountersignStructure<'s>, Error>
    where
        'a: 's,
    {
        let target = target.into();
        let payload = target.payload(input)?;
        Ok(self.structure(target.fields(payload, input.supplied(), profile)))
    }

    const fn structure<'s>(&self, fields: Fields<'s>) -> CountersignStructure<'s> {
        match self.version {
            Version::V2 => CountersignStructure::abbreviated(fields),
            Version::Rfc8152 => CountersignStructure::abbreviated_of_rfc8152(fields),
        }
    }

    /// Checks the countersignature of `target` by `algorithm` under one of `keys`.
    ///
    /// The message names no key, so `keys` is asked as for a message without headers.
    ///
    /// `input` is as for [`Countersignature::verify`](super::Countersignature::verify).
    ///
    /// # Errors
    ///
    /// `Verification` if the countersignature is not one of this target, `Unsupported` if it could
    /// not be evaluated, `Policy` if no trusted and permitted key answers.
    pub fn verify<'p>(
        &self,
        target: impl Into<Target<'a>>,
        input: &Input<'p, '_>,
        algorithm: Algorithm,
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Verified<Countersigned<'a, &'p [u8]>>, Error>
    where
        'a: 'p,
    {
        let target = target.into();
        let payload = target.payload(input)?;
        let fields = target.fields(payload, input.supplied(), &context.profile);
        let structure = self.structure(fields);
        let hint = KeyHint::without_headers(algorithm);
        let by = context.begin(structure.len(), |context| {
            check(&hint, (0, Notes::NOTHING), keys, context, &mut |verifier, algorithm| {
                verifier.verify(algorithm, &structure.parts(), self.signature)
            })
        })?;
        let covered = match self.version {
            Version::V2 => target,
            Version::Rfc8152 => target.of_rfc8152(),
        };
        Ok(Verified::new(Countersigned::new(covered, payload, Protected::EMPTY), by))
    }
}
