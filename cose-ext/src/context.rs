//! What a verification borrows from its surroundings.

use core::fmt;

use crate::{
    Error, Profile, Work,
    crypto::{Algorithm, AlgorithmPolicy, HashFunction, HashValue, Provider},
    error::Unsupported,
};

/// What a verification borrows for the length of one call: cryptography, the algorithm policy, what
/// decoders accept, and the meter of its work.
///
/// One provider serves a call: this one. Trust stores hold keys as data.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use cose_ext::{Context, Limits, Profile, rustcrypto::RustCrypto};
/// use cose_ext::crypto::{Algorithm, AlgorithmPolicy, Binding, Curve};
///
/// // One algorithm, deterministic encodings, and eight signature checks for a whole call.
/// let only = [Binding::ec2(Algorithm::ES256, Curve::P256)];
/// let limits = Limits::DEFAULT.with_signature_checks(8);
/// let context = Context::new(&RustCrypto)
///     .with_algorithms(AlgorithmPolicy::only(&only))
///     .with_profile(Profile::DETERMINISTIC.with_limits(limits));
/// assert_eq!(context.hash(Algorithm::SHA256, &[b"abc"])?.as_ref().len(), 32);
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Turns keys into verifiers, and names hash functions.
    pub provider: &'a dyn Provider,
    /// Which algorithms with which keys.
    pub algorithms: AlgorithmPolicy<'a>,
    /// What nested decoders accept.
    pub profile: Profile,
    /// The meter that a call spends from. `None` outside of a call: [`begin`](Self::begin) makes
    /// one.
    pub work: Option<&'a Work>,
}

impl<'a> Context<'a> {
    /// Returns a context with `provider`, the standard algorithm policy and the lenient profile.
    pub const fn new(provider: &'a dyn Provider) -> Self {
        Self {
            provider,
            algorithms: AlgorithmPolicy::STANDARD,
            profile: Profile::LENIENT,
            work: None,
        }
    }

    /// Replaces the algorithm policy.
    #[must_use]
    pub const fn with_algorithms(mut self, algorithms: AlgorithmPolicy<'a>) -> Self {
        self.algorithms = algorithms;
        self
    }

    /// Replaces the profile.
    #[must_use]
    pub const fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Meters the calls that get this context with `work`, all of them together.
    #[must_use]
    pub const fn with_work(mut self, work: &'a Work) -> Self {
        self.work = Some(work);
        self
    }

    /// Runs `call` with a meter: the one that this context has, so that one budget bounds a call
    /// with everything it leads to, or else a new one for an input of `input` bytes, by the limits
    /// of the profile.
    ///
    /// Every function that verifies begins so, in every crate. `input` counts the message and its
    /// detached payload.
    pub fn begin<R>(&self, input: usize, call: impl FnOnce(&Context<'_>) -> R) -> R {
        // The meter is in no frame of a call that brings one.
        if self.work.is_some() { call(self) } else { self.metered(input, call) }
    }

    #[inline(never)]
    fn metered<R>(&self, input: usize, call: impl FnOnce(&Context<'_>) -> R) -> R {
        let work = Work::new(&self.profile.limits, input);
        call(&Context { work: Some(&work), ..*self })
    }

    /// Spends one check of a signature or tag from the meter.
    ///
    /// # Errors
    ///
    /// As [`Work::spend_check`].
    pub fn spend_check(&self) -> Result<(), Error> {
        self.work.map_or(Ok(()), Work::spend_check)
    }

    /// Spends the comparison of `items` data items from the meter.
    ///
    /// # Errors
    ///
    /// As [`Work::spend_compared`].
    pub fn spend_compared(&self, items: usize) -> Result<(), Error> {
        self.work.map_or(Ok(()), |work| work.spend_compared(items))
    }

    /// Spends the hashing of `bytes` bytes from the meter.
    ///
    /// # Errors
    ///
    /// As [`Work::spend_hashed`].
    pub fn spend_hashed(&self, bytes: usize) -> Result<(), Error> {
        self.work.map_or(Ok(()), |work| work.spend_hashed(bytes))
    }

    /// Hashes `parts`, one after the other, and spends their length from the meter first.
    ///
    /// # Errors
    ///
    /// [`Unsupported::Hash`] if the provider has no such function;
    /// [`Limit::HashedBytes`](crate::error::Limit::HashedBytes).
    pub fn hash(&self, algorithm: Algorithm, parts: &[&[u8]]) -> Result<HashValue, Error> {
        let function = self.hash_function(algorithm)?;
        self.spend_hashed(total_len(parts))?;
        Ok(function.hash(parts))
    }

    /// Returns the hash function that `algorithm` names. What it hashes is not metered: use
    /// [`hash`](Self::hash) for bytes that a message brings.
    ///
    /// # Errors
    ///
    /// [`Unsupported::Hash`] if the provider has no such function.
    pub fn hash_function(&self, algorithm: Algorithm) -> Result<&'a dyn HashFunction, Error> {
        self.provider.hash_function(algorithm).ok_or(Unsupported::Hash(algorithm).into())
    }
}

/// Returns the length of `parts` together, in bytes.
pub(crate) fn total_len(parts: &[&[u8]]) -> usize {
    parts.iter().fold(0, |sum, part| sum.saturating_add(part.len()))
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("algorithms", &self.algorithms)
            .field("profile", &self.profile)
            .field("work", &self.work)
            .finish_non_exhaustive()
    }
}
