//! A provider whose key transport has a defect does not pass the suite.

use cose_aws_lc::AwsLc;
use cose_crypto::{
    Algorithm, HashFunction, InvalidKey, KeyProfile, KeyWrap, PrivateKey, Provider, PublicKey,
    SecretError, SecretProvider, SignatureVerifier, VerifyError, conformance::run,
};

/// Unwraps whatever it is given.
struct UnwrapsAnything;

impl Provider for UnwrapsAnything {
    fn with_verifier(
        &self,
        _: &PublicKey<'_>,
        _: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        Err(InvalidKey::Unsupported)
    }

    fn hash_function(&self, _: Algorithm) -> Option<&dyn HashFunction> {
        None
    }
}

impl SecretProvider for UnwrapsAnything {
    fn with_key_transport(
        &self,
        key: &PrivateKey<'_>,
        then: &mut dyn FnMut(&dyn KeyWrap),
    ) -> Result<(), InvalidKey> {
        AwsLc.with_key_transport(key, &mut |inner| then(&Unsound(inner)))
    }
}

struct Unsound<'k>(&'k dyn KeyWrap);

impl KeyWrap for Unsound<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn wrap(
        &self,
        algorithm: Algorithm,
        key: &[u8],
        wrapped: &mut [u8],
    ) -> Result<usize, SecretError> {
        self.0.wrap(algorithm, key, wrapped)
    }

    fn unwrap(
        &self,
        algorithm: Algorithm,
        wrapped: &[u8],
        key: &mut [u8],
    ) -> Result<usize, VerifyError> {
        match self.0.unwrap(algorithm, wrapped, key) {
            Err(VerifyError::InvalidSignature) => Ok(16),
            unwrapped => unwrapped,
        }
    }
}

#[test]
fn the_defect_is_found_by_the_cases_that_look_for_it() {
    let mut failures = Vec::new();
    run(&UnwrapsAnything, &[], &mut |failure| failures.push(failure.to_string()));
    for case in ["a changed wrapped key", "a wrapped key of one byte over and over"] {
        assert!(failures.iter().any(|failure| failure.contains(case)), "{case}: {failures:#?}");
    }
}
