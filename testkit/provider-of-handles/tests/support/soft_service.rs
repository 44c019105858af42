//! A service in software that stands in for a secure one: few slots, keys behind numbers, a count of what is taken.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use provider_of_handles::{HashOperation, KeyId, KeyUse, Psa, Status};
use sha2::{Digest, Sha256};

/// The slots of keys, and the operations of hashes, that there are.
pub(crate) const SLOTS: usize = 4;

enum Key {
    Public(VerifyingKey),
    Pair(SigningKey),
}

#[derive(Default)]
struct Slots {
    keys: BTreeMap<u32, Key>,
    hashes: BTreeMap<u32, Sha256>,
    next: u32,
}

/// The service.
#[derive(Default)]
pub(crate) struct SoftService(Mutex<Slots>);

impl SoftService {
    fn with<R>(&self, then: impl FnOnce(&mut Slots) -> R) -> R {
        then(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a key pair into a slot, as a device is made with.
    pub(crate) fn provision(&self, secret: &[u8; 32]) -> KeyId {
        self.with(|slots| {
            slots.next += 1;
            let pair = SigningKey::from_slice(secret).expect("a scalar");
            slots.keys.insert(slots.next, Key::Pair(pair));
            KeyId(slots.next)
        })
    }

    /// Keys and hash operations that are taken.
    pub(crate) fn taken(&self) -> (usize, usize) {
        self.with(|slots| (slots.keys.len(), slots.hashes.len()))
    }
}

impl Psa for SoftService {
    fn import_public_key(&self, point: &[u8; 65], usage: KeyUse) -> Result<KeyId, Status> {
        assert_eq!(usage, KeyUse::VerifyHash);
        self.with(|slots| {
            if slots.keys.len() >= SLOTS {
                return Err(Status::InsufficientMemory);
            }
            let key = VerifyingKey::from_sec1_bytes(point).map_err(|_| Status::InvalidArgument)?;
            slots.next += 1;
            slots.keys.insert(slots.next, Key::Public(key));
            Ok(KeyId(slots.next))
        })
    }

    fn export_public_key(&self, key: KeyId) -> Result<[u8; 65], Status> {
        self.with(|slots| {
            let point = match slots.keys.get(&key.0).ok_or(Status::InvalidHandle)? {
                Key::Public(key) => key.to_sec1_point(false),
                Key::Pair(pair) => pair.verifying_key().to_sec1_point(false),
            };
            point.as_bytes().try_into().map_err(|_| Status::BufferTooSmall)
        })
    }

    fn destroy_key(&self, key: KeyId) -> Result<(), Status> {
        self.with(|slots| slots.keys.remove(&key.0).map(|_| ()).ok_or(Status::InvalidHandle))
    }

    fn verify_hash(&self, key: KeyId, hash: &[u8; 32], signature: &[u8]) -> Result<(), Status> {
        self.with(|slots| match slots.keys.get(&key.0) {
            Some(Key::Public(key)) => Signature::from_slice(signature)
                .and_then(|signature| key.verify_prehash(hash, &signature))
                .map_err(|_| Status::InvalidSignature),
            Some(Key::Pair(_)) => Err(Status::NotPermitted),
            None => Err(Status::InvalidHandle),
        })
    }

    fn sign_hash(&self, key: KeyId, hash: &[u8; 32]) -> Result<[u8; 64], Status> {
        self.with(|slots| match slots.keys.get(&key.0) {
            Some(Key::Pair(pair)) => {
                let signature: Signature =
                    pair.sign_prehash(hash).map_err(|_| Status::InvalidArgument)?;
                Ok(signature.to_bytes().into())
            }
            Some(Key::Public(_)) => Err(Status::NotPermitted),
            None => Err(Status::InvalidHandle),
        })
    }

    fn hash_setup(&self) -> Result<HashOperation, Status> {
        self.with(|slots| {
            if slots.hashes.len() >= SLOTS {
                return Err(Status::InsufficientMemory);
            }
            slots.next += 1;
            slots.hashes.insert(slots.next, Sha256::new());
            Ok(HashOperation(slots.next))
        })
    }

    fn hash_update(&self, operation: HashOperation, input: &[u8]) -> Result<(), Status> {
        self.with(|slots| {
            let hash = slots.hashes.get_mut(&operation.0).ok_or(Status::InvalidHandle)?;
            hash.update(input);
            Ok(())
        })
    }

    fn hash_finish(&self, operation: HashOperation) -> Result<[u8; 32], Status> {
        self.with(|slots| {
            let hash = slots.hashes.remove(&operation.0).ok_or(Status::InvalidHandle)?;
            Ok(hash.finalize().into())
        })
    }

    fn hash_abort(&self, operation: HashOperation) {
        self.with(|slots| _ = slots.hashes.remove(&operation.0));
    }
}
