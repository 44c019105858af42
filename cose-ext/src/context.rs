use core::fmt;

use crate::{
    Error, Profile,
    crypto::{Algorithm, AlgorithmPolicy, HashFunction, Provider},
    error::Unsupported,
};

/// What a verification borrows from its surroundings for the length of one call: cryptography, the
/// algorithm policy, and what decoders accept. No machine stores one.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Turns keys into verifiers, and names hash functions.
    pub provider: &'a dyn Provider,
    /// Which algorithms with which keys.
    pub algorithms: AlgorithmPolicy<'a>,
    /// What nested decoders accept.
    pub profile: Profile,
}

impl<'a> Context<'a> {
    /// `provider` with the standard policy and the lenient profile.
    pub const fn new(provider: &'a dyn Provider) -> Self {
        Self { provider, algorithms: AlgorithmPolicy::STANDARD, profile: Profile::LENIENT }
    }

    /// The same with another algorithm policy.
    #[must_use]
    pub const fn with_algorithms(mut self, algorithms: AlgorithmPolicy<'a>) -> Self {
        self.algorithms = algorithms;
        self
    }

    /// The same with another profile.
    #[must_use]
    pub const fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// The hash function that `algorithm` names.
    ///
    /// # Errors
    /// `Unsupported` if the provider does not have it.
    pub fn hash_function(&self, algorithm: Algorithm) -> Result<&'a dyn HashFunction, Error> {
        let missing = Error::from(Unsupported::Hash(algorithm));
        self.provider.hash_function(algorithm).ok_or(missing)
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("algorithms", &self.algorithms)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}
