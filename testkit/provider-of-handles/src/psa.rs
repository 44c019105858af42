//! The calls of a PSA Crypto service that verification, hashing and signing need.

/// A key of the service, `psa_key_id_t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyId(pub u32);

/// A hash operation that the service holds, `psa_hash_operation_t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashOperation(pub u32);

/// What a key on P-256 may be used for: ECDSA over SHA-256 in both cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// `PSA_KEY_USAGE_VERIFY_HASH`.
    VerifyHash,
    /// `PSA_KEY_USAGE_SIGN_HASH`.
    SignHash,
}

/// Why the service did not do what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `PSA_ERROR_INVALID_SIGNATURE`.
    InvalidSignature,
    /// `PSA_ERROR_INVALID_ARGUMENT`: the data are no key of that type, among others.
    InvalidArgument,
    /// `PSA_ERROR_INVALID_HANDLE`: there is no such key or operation, or no longer.
    InvalidHandle,
    /// `PSA_ERROR_NOT_PERMITTED`: the key is for another use.
    NotPermitted,
    /// `PSA_ERROR_INSUFFICIENT_MEMORY`: no slot is free.
    InsufficientMemory,
    /// `PSA_ERROR_BUFFER_TOO_SMALL`.
    BufferTooSmall,
}

/// A service in the shape of the PSA Crypto API, for keys on P-256 and SHA-256. Each method is the function of its name.
pub trait Psa: Send + Sync {
    /// Imports an uncompressed point as a volatile key: `psa_import_key`.
    ///
    /// # Errors
    ///
    /// If the point is not one of the curve, or no slot is free.
    fn import_public_key(&self, point: &[u8; 65], usage: KeyUse) -> Result<KeyId, Status>;

    /// Writes the uncompressed point of a key: `psa_export_public_key`.
    ///
    /// # Errors
    ///
    /// If there is no such key.
    fn export_public_key(&self, key: KeyId) -> Result<[u8; 65], Status>;

    /// Frees the slot of a key: `psa_destroy_key`.
    ///
    /// # Errors
    ///
    /// If there is no such key.
    fn destroy_key(&self, key: KeyId) -> Result<(), Status>;

    /// Verifies a signature over a digest: `psa_verify_hash`.
    ///
    /// # Errors
    ///
    /// If it is not valid, or the key may not be asked.
    fn verify_hash(&self, key: KeyId, hash: &[u8; 32], signature: &[u8]) -> Result<(), Status>;

    /// Signs a digest: `psa_sign_hash`.
    ///
    /// # Errors
    ///
    /// If the key may not be asked.
    fn sign_hash(&self, key: KeyId, hash: &[u8; 32]) -> Result<[u8; 64], Status>;

    /// Begins a hash: `psa_hash_setup`.
    ///
    /// # Errors
    ///
    /// If no operation is free.
    fn hash_setup(&self) -> Result<HashOperation, Status>;

    /// Adds to a hash: `psa_hash_update`.
    ///
    /// # Errors
    ///
    /// If there is no such operation.
    fn hash_update(&self, operation: HashOperation, input: &[u8]) -> Result<(), Status>;

    /// Ends a hash: `psa_hash_finish`.
    ///
    /// # Errors
    ///
    /// If there is no such operation.
    fn hash_finish(&self, operation: HashOperation) -> Result<[u8; 32], Status>;

    /// Gives a hash up: `psa_hash_abort`. It never fails.
    fn hash_abort(&self, operation: HashOperation);
}

impl<P: Psa + ?Sized> Psa for &P {
    fn import_public_key(&self, point: &[u8; 65], usage: KeyUse) -> Result<KeyId, Status> {
        (**self).import_public_key(point, usage)
    }

    fn export_public_key(&self, key: KeyId) -> Result<[u8; 65], Status> {
        (**self).export_public_key(key)
    }

    fn destroy_key(&self, key: KeyId) -> Result<(), Status> {
        (**self).destroy_key(key)
    }

    fn verify_hash(&self, key: KeyId, hash: &[u8; 32], signature: &[u8]) -> Result<(), Status> {
        (**self).verify_hash(key, hash, signature)
    }

    fn sign_hash(&self, key: KeyId, hash: &[u8; 32]) -> Result<[u8; 64], Status> {
        (**self).sign_hash(key, hash)
    }

    fn hash_setup(&self) -> Result<HashOperation, Status> {
        (**self).hash_setup()
    }

    fn hash_update(&self, operation: HashOperation, input: &[u8]) -> Result<(), Status> {
        (**self).hash_update(operation, input)
    }

    fn hash_finish(&self, operation: HashOperation) -> Result<[u8; 32], Status> {
        (**self).hash_finish(operation)
    }

    fn hash_abort(&self, operation: HashOperation) {
        (**self).hash_abort(operation);
    }
}
