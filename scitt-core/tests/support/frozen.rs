//! A key that remembers what it once accepted, and then accepts nothing else: a signature scheme
//! without flaws, and quick enough for a test that asks it a hundred thousand times.

use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use cose_ext::crypto::{Algorithm, KeyProfile, PublicKey, SignatureVerifier, VerifyError};

pub(crate) struct Frozen<V> {
    verifier: V,
    accepted: Mutex<Vec<(Vec<u8>, Vec<u8>)>>,
    is_frozen: AtomicBool,
}

impl<V: SignatureVerifier> Frozen<V> {
    pub(crate) fn new(verifier: V) -> Self {
        Self { verifier, accepted: Mutex::default(), is_frozen: AtomicBool::new(false) }
    }

    /// From now on only what was accepted before.
    pub(crate) fn freeze(&self) {
        assert!(!self.accepted.lock().unwrap().is_empty());
        self.is_frozen.store(true, Relaxed);
    }
}

impl<V: SignatureVerifier> SignatureVerifier for Frozen<V> {
    fn profile(&self) -> KeyProfile {
        self.verifier.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        self.verifier.with_public_key(then);
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        if self.is_frozen.load(Relaxed) {
            let accepted = self.accepted.lock().unwrap();
            let is_known = accepted.iter().any(|(known, of_known)| {
                let rest =
                    message.iter().try_fold(&known[..], |rest, part| rest.strip_prefix(*part));
                rest.is_some_and(<[u8]>::is_empty) && of_known == signature
            });
            return if is_known { Ok(()) } else { Err(VerifyError::InvalidSignature) };
        }
        self.verifier.verify(algorithm, message, signature)?;
        self.accepted.lock().unwrap().push((message.concat(), signature.to_vec()));
        Ok(())
    }
}
