//! SHA-256 by the service.

use cose_crypto::{Algorithm, Feed, HashFunction, HashValue, Interrupted};

use crate::{HashOperation, Psa, Status};

/// The hash function of the service.
///
/// `HashFunction` has no way to say that a hash failed, and the service may fail, for it may have no operation left. What
/// it gives then is the digest of no bytes at all, of length 0: it equals no digest that a message or a signature names, so
/// whatever asked is refused.
#[derive(Clone, Copy, Debug)]
pub struct ServiceHash<P> {
    psa: P,
}

impl<P: Psa + Copy> ServiceHash<P> {
    pub(crate) const fn new(psa: P) -> Self {
        Self { psa }
    }

    pub(crate) const fn psa(&self) -> P {
        self.psa
    }

    /// Hashes the parts.
    pub(crate) fn digest(&self, message: &[&[u8]]) -> Result<[u8; 32], Status> {
        let operation = self.psa.hash_setup()?;
        for part in message {
            if let Err(status) = self.psa.hash_update(operation, part) {
                return self.abandon(operation, status);
            }
        }
        self.psa.hash_finish(operation)
    }

    /// Hashes what `feed` hands over.
    pub(crate) fn digest_stream(
        &self,
        feed: &mut Feed<'_>,
    ) -> Result<Result<[u8; 32], Status>, Interrupted> {
        let operation = match self.psa.hash_setup() {
            Ok(operation) => operation,
            Err(status) => return Ok(Err(status)),
        };
        let mut updated = Ok(());
        let fed = feed(&mut |piece| {
            if updated.is_ok() {
                updated = self.psa.hash_update(operation, piece);
            }
        });
        match (fed, updated) {
            (Ok(()), Ok(())) => Ok(self.psa.hash_finish(operation)),
            (Ok(()), Err(status)) => Ok(self.abandon(operation, status)),
            (Err(interrupted), _) => {
                self.psa.hash_abort(operation);
                Err(interrupted)
            }
        }
    }

    fn abandon<T>(&self, operation: HashOperation, status: Status) -> Result<T, Status> {
        self.psa.hash_abort(operation);
        Err(status)
    }
}

fn value(digest: Result<[u8; 32], Status>) -> HashValue {
    digest.map_or_else(|_| HashValue::new(&[]).unwrap_or([0; 0].into()), HashValue::from)
}

impl<P: Psa + Copy> HashFunction for ServiceHash<P> {
    fn algorithm(&self) -> Algorithm {
        Algorithm::SHA256
    }

    fn hash(&self, message: &[&[u8]]) -> HashValue {
        value(self.digest(message))
    }

    fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
        Ok(value(self.digest_stream(feed)?))
    }
}
