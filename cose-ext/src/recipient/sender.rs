//! Senders that the receiver knows.

use crate::{crypto::PublicKey, key::Identity};

/// A static key of a sender that the receiver knows, for ECDH-SS (RFC 9053 6.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownSender<'a> {
    /// The key.
    pub key: PublicKey<'a>,
    /// Whose key it is.
    pub identity: Identity,
    /// What messages call it, in `static key id`.
    pub key_id: Option<&'a [u8]>,
    /// The identity of party U in KDF contexts of this sender (RFC 9053 5.2). Two static keys agree
    /// on one secret for both directions, so only a context that names both parties tells who sent
    /// a message: without this, or where the context names only one, what is opened is attributed
    /// to nobody.
    pub party: Option<&'a [u8]>,
}
