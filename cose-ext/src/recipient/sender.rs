//! Senders that the receiver knows.

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
    /// The identity of party U in KDF contexts of this sender (RFC 9053 5.2). The secret that two
    /// static keys agree on is one in both directions, so only a context that names both parties
    /// tells who sent: without this, or where the context names only one, what is opened is
    /// attributed to nobody.
    pub party: Option<&'a [u8]>,
}
