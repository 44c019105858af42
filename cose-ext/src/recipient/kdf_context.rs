//! What a derived key is bound to.

use super::{Agreed, PartyInfo};
use crate::{
    Error, Label, Profile, Rule,
    cbor::{ByteString, Head, Int, Item, Raw, Reader, widen},
    crypto::Algorithm,
    error::Breaks,
    header::Headers,
};

/// The COSE_KDF_Context of RFC 9053 5.2 in parts: what a derived key is bound to.
#[derive(Clone, Copy, Debug)]
pub struct KdfContext<'a> {
    len: Head,
    algorithm: Head,
    party_u: Party<'a>,
    party_v: Party<'a>,
    public_len: Head,
    key_bits: Head,
    protected: ByteString<'a>,
    public_other: Option<ByteString<'a>>,
    private: Option<ByteString<'a>>,
}

/// PartyUInfo or PartyVInfo (RFC 9053 5.2).
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    identity: Field<'a>,
    nonce: Field<'a>,
    other: Field<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Field<'a> {
    Nil,
    Int(Head),
    Bytes(ByteString<'a>, &'a [u8]),
}

impl<'a> Field<'a> {
    /// What the header says, or else what both sides know.
    fn new(value: Option<Raw<'a>>, known: Option<&'a [u8]>) -> Result<Self, Error> {
        let known = known.map_or(Self::Nil, |known| Self::Bytes(ByteString::new(known), known));
        value.map_or(Ok(known), |value| Self::read(&value))
    }

    fn read(value: &Raw<'a>) -> Result<Self, Error> {
        let read = |reader: &mut Reader<'a>| {
            let start = reader.position();
            match reader.item()? {
                Item::Bytes(bytes) => Ok(Self::Bytes(ByteString::new(bytes), bytes)),
                Item::Null => Ok(Self::Nil),
                // Only a nonce may be a number, and a wrong one opens nothing.
                Item::Int(int) => Ok(Self::Int(Head::int(int))),
                other => Err(reader.unexpected(crate::cbor::Type::Bytes, &other, start)),
            }
        };
        value.read(read).breaks(Rule::KdfContext)
    }

    const fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(_, bytes) => Some(bytes),
            Self::Nil | Self::Int(_) => None,
        }
    }

    fn parts(&self) -> [&[u8]; 2] {
        match self {
            Self::Nil => [&[0xf6], &[]],
            Self::Int(head) => [head.as_bytes(), &[]],
            Self::Bytes(bytes, _) => bytes.parts(),
        }
    }
}

impl<'a> Party<'a> {
    /// Reads party U, the sender, from the header of a recipient (labels -21, -22, -23).
    ///
    /// What the header does not say is taken from `known`.
    ///
    /// # Errors
    ///
    /// If a parameter has another type than its own.
    pub fn u(headers: &Headers<'a>, known: &PartyInfo<'a>) -> Result<Self, Error> {
        Self::read(
            headers,
            known,
            [Label::PARTY_U_IDENTITY, Label::PARTY_U_NONCE, Label::PARTY_U_OTHER],
        )
    }

    /// Reads party V, the receiver, from the header of a recipient (labels -24, -25, -26).
    ///
    /// What the header does not say is taken from `known`.
    ///
    /// # Errors
    ///
    /// If a parameter has another type than its own.
    pub fn v(headers: &Headers<'a>, known: &PartyInfo<'a>) -> Result<Self, Error> {
        Self::read(
            headers,
            known,
            [Label::PARTY_V_IDENTITY, Label::PARTY_V_NONCE, Label::PARTY_V_OTHER],
        )
    }

    fn read(
        headers: &Headers<'a>,
        known: &PartyInfo<'a>,
        labels: [Label<'_>; 3],
    ) -> Result<Self, Error> {
        let [identity, nonce, other] = labels.map(|label| headers.find(label));
        Ok(Self {
            identity: Field::new(identity, known.identity)?,
            nonce: Field::new(nonce, known.nonce)?,
            other: Field::new(other, known.other)?,
        })
    }
}

impl<'a> KdfContext<'a> {
    /// Makes the context of a key for `algorithm` of `key_len` bytes, in the layer of `headers`.
    ///
    /// `agreed` is what both sides know beside the message.
    ///
    /// # Errors
    ///
    /// If a party parameter has another type than its own.
    pub fn new(
        algorithm: Algorithm,
        key_len: usize,
        headers: &Headers<'a>,
        agreed: &Agreed<'a>,
    ) -> Result<Self, Error> {
        let public_other = agreed.public.map(ByteString::new);
        let private = agreed.private.map(ByteString::new);
        Ok(Self {
            len: Head::array(if private.is_some() { 5 } else { 4 }),
            algorithm: Head::int(Int::new(algorithm.value())),
            party_u: Party::u(headers, &agreed.party_u)?,
            party_v: Party::v(headers, &agreed.party_v)?,
            public_len: Head::array(if public_other.is_some() { 3 } else { 2 }),
            key_bits: Head::int(Int::unsigned(widen(key_len).saturating_mul(8))),
            protected: ByteString::new(headers.protected().as_authenticated(&Profile::LENIENT)),
            public_other,
            private,
        })
    }

    /// Returns whether the context names `sender` as party U, and somebody else as party V.
    pub(super) fn is_sent_by(&self, sender: &[u8]) -> bool {
        let (u, v) = (self.party_u.identity.bytes(), self.party_v.identity.bytes());
        u == Some(sender) && v.is_some_and(|receiver| receiver != sender)
    }

    /// Returns the parts, in this order.
    pub fn parts(&self) -> [&[u8]; 24] {
        const NONE: [&[u8]; 2] = [&[], &[]];
        /// An array of three.
        const THREE: &[u8] = &[0x83];
        let [a, b] = self.party_u.identity.parts();
        let [c, d] = self.party_u.nonce.parts();
        let [e, f] = self.party_u.other.parts();
        let [g, h] = self.party_v.identity.parts();
        let [i, j] = self.party_v.nonce.parts();
        let [k, l] = self.party_v.other.parts();
        let [protected_head, protected] = self.protected.parts();
        let [public_head, public] = self.public_other.as_ref().map_or(NONE, ByteString::parts);
        let [private_head, private] = self.private.as_ref().map_or(NONE, ByteString::parts);
        [
            self.len.as_bytes(),
            self.algorithm.as_bytes(),
            THREE,
            a,
            b,
            c,
            d,
            e,
            f,
            THREE,
            g,
            h,
            i,
            j,
            k,
            l,
            self.public_len.as_bytes(),
            self.key_bits.as_bytes(),
            protected_head,
            protected,
            public_head,
            public,
            private_head,
            private,
        ]
    }
}
