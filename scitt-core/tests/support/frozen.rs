//! A key that remembers what it once accepted, and then accepts nothing else: a signature scheme
//! without flaws, and quick enough for a test that asks it a hundred thousand times.

use std::cell::{Cell, RefCell};

use cose_ext::crypto::{Algorithm, KeyProfile, SignatureVerifier, VerifyError};

pub(crate) struct Frozen<V> {
    verifier: V,
    accepted: RefCell<Vec<(Vec<u8>, Vec<u8>)>>,
    is_frozen: Cell<bool>,
}

impl<V: SignatureVerifier> Frozen<V> {
    pub(crate) fn new(verifier: V) -> Self {
        Self { verifier, accepted: RefCell::default(), is_frozen: Cell::new(false) }
    }

    /// From now on only what was accepted before.
    pub(crate) fn freeze(&self) {
        assert!(!self.accepted.borrow().is_empty());
        self.is_frozen.set(true);
    }
}

impl<V: SignatureVerifier> SignatureVerifier for Frozen<V> {
    fn profile(&self) -> KeyProfile {
        self.verifier.profile()
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        if self.is_frozen.get() {
            let accepted = self.accepted.borrow();
            let is_known = accepted.iter().any(|(known, of_known)| {
                let rest =
                    message.iter().try_fold(&known[..], |rest, part| rest.strip_prefix(*part));
                rest.is_some_and(<[u8]>::is_empty) && of_known == signature
            });
            return if is_known { Ok(()) } else { Err(VerifyError::InvalidSignature) };
        }
        self.verifier.verify(algorithm, message, signature)?;
        self.accepted.borrow_mut().push((message.concat(), signature.to_vec()));
        Ok(())
    }
}
