use crate::{crypto::PublicKey, key::Identity};

/// A static key of a sender that the receiver knows, for ECDH-SS (RFC 9053 6.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownSender<'a> {
    /// The key.
    pub key: PublicKey<'a>,
    /// Whose it is.
    pub identity: Identity,
    /// What messages call it, in `static key id`.
    pub key_id: Option<&'a [u8]>,
}
