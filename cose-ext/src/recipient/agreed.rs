//! What both sides of a key derivation know beside the message (RFC 9053 5.2).

use core::fmt;

/// What both sides know beside the message, and bind derived keys to (RFC 9053 5.2). What the
/// header of a recipient says of a party takes precedence. `Debug` shows no secret.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Agreed<'a> {
    /// Of party U, the sender.
    pub party_u: PartyInfo<'a>,
    /// Of party V, the receiver.
    pub party_v: PartyInfo<'a>,
    /// `SuppPubInfo.other`.
    pub public: Option<&'a [u8]>,
    /// `SuppPrivInfo`, a secret.
    pub private: Option<&'a [u8]>,
}

/// PartyInfo that is not sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartyInfo<'a> {
    /// `identity`.
    pub identity: Option<&'a [u8]>,
    /// `nonce`, where it is a byte string.
    pub nonce: Option<&'a [u8]>,
    /// `other`.
    pub other: Option<&'a [u8]>,
}

impl Agreed<'_> {
    pub(crate) const NOTHING: Self = Self {
        party_u: PartyInfo { identity: None, nonce: None, other: None },
        party_v: PartyInfo { identity: None, nonce: None, other: None },
        public: None,
        private: None,
    };
}

impl fmt::Debug for Agreed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agreed")
            .field("party_u", &self.party_u)
            .field("party_v", &self.party_v)
            .field("public", &self.public)
            .finish_non_exhaustive()
    }
}
