//! Labels of header parameters.

use core::cmp::Ordering;

use super::label_type;
use crate::{Error, Rule, cbor::Reader};

label_type! {
    /// A label of a header parameter: an integer or text (RFC 9052 1.5; IANA "COSE Header
    /// Parameters" and "COSE Header Algorithm Parameters").
    ///
    /// An open set: any integer and any text is a label. Labels compare as values, not as
    /// encodings.
    Label;

    /// x5chain-sender, of the algorithms with a static sender key (RFC 9360 3).
    X5CHAIN_SENDER = -29, "x5chain-sender";
    /// x5u-sender, of the algorithms with a static sender key (RFC 9360 3).
    X5U_SENDER = -28, "x5u-sender";
    /// x5t-sender, of the algorithms with a static sender key (RFC 9360 3).
    X5T_SENDER = -27, "x5t-sender";
    /// PartyV other (RFC 9053 5.2).
    PARTY_V_OTHER = -26, "PartyV other";
    /// PartyV nonce (RFC 9053 5.2).
    PARTY_V_NONCE = -25, "PartyV nonce";
    /// PartyV identity (RFC 9053 5.2).
    PARTY_V_IDENTITY = -24, "PartyV identity";
    /// PartyU other (RFC 9053 5.2).
    PARTY_U_OTHER = -23, "PartyU other";
    /// PartyU nonce (RFC 9053 5.2).
    PARTY_U_NONCE = -22, "PartyU nonce";
    /// PartyU identity (RFC 9053 5.2).
    PARTY_U_IDENTITY = -21, "PartyU identity";
    /// salt of HKDF (RFC 9053 5.1).
    SALT = -20, "salt";
    /// static key id (RFC 9053 6.3.1).
    STATIC_KEY_ID = -3, "static key id";
    /// static key (RFC 9053 6.3.1).
    STATIC_KEY = -2, "static key";
    /// ephemeral key (RFC 9053 6.3.1).
    EPHEMERAL_KEY = -1, "ephemeral key";
    /// alg (RFC 9052 3.1).
    ALG = 1, "alg";
    /// crit (RFC 9052 3.1).
    CRIT = 2, "crit";
    /// content type (RFC 9052 3.1).
    CONTENT_TYPE = 3, "content type";
    /// kid (RFC 9052 3.1).
    KID = 4, "kid";
    /// IV (RFC 9052 3.1).
    IV = 5, "IV";
    /// Partial IV (RFC 9052 3.1).
    PARTIAL_IV = 6, "Partial IV";
    /// counter signature of RFC 8152, deprecated.
    COUNTER_SIGNATURE = 7, "counter signature";
    /// CounterSignature0 of RFC 8152, deprecated.
    COUNTER_SIGNATURE_0 = 9, "CounterSignature0";
    /// kid context (RFC 8613).
    KID_CONTEXT = 10, "kid context";
    /// Countersignature version 2 (RFC 9338).
    COUNTERSIGNATURE_V2 = 11, "Countersignature version 2";
    /// Countersignature0 version 2 (RFC 9338).
    COUNTERSIGNATURE_0_V2 = 12, "Countersignature0 version 2";
    /// kcwt (RFC 9528).
    KCWT = 13, "kcwt";
    /// kccs (RFC 9528).
    KCCS = 14, "kccs";
    /// CWT Claims (RFC 9597).
    CWT_CLAIMS = 15, "CWT Claims";
    /// typ (RFC 9596).
    TYP = 16, "typ";
    /// x5bag (RFC 9360).
    X5BAG = 32, "x5bag";
    /// x5chain (RFC 9360).
    X5CHAIN = 33, "x5chain";
    /// x5t (RFC 9360).
    X5T = 34, "x5t";
    /// x5u (RFC 9360).
    X5U = 35, "x5u";
    /// CUPHNonce (FIDO Device Onboard).
    CUPH_NONCE = 256, "CUPHNonce";
    /// CUPHOwnerPubKey (FIDO Device Onboard).
    CUPH_OWNER_PUB_KEY = 257, "CUPHOwnerPubKey";
    /// payload-hash-alg (RFC 9995).
    PAYLOAD_HASH_ALG = 258, "payload-hash-alg";
    /// payload-preimage-content-type (RFC 9995).
    PAYLOAD_PREIMAGE_CONTENT_TYPE = 259, "payload-preimage-content-type";
    /// payload-location (RFC 9995).
    PAYLOAD_LOCATION = 260, "payload-location";
    /// 3161-ttc (RFC 9921).
    TIMESTAMP_THEN_COSE = 269, "3161-ttc";
    /// 3161-ctt (RFC 9921).
    COSE_THEN_TIMESTAMP = 270, "3161-ctt";
    /// receipts (RFC 9942).
    RECEIPTS = 394, "receipts";
    /// vds, verifiable data structure (RFC 9942).
    VDS = 395, "vds";
    /// vdp, verifiable data structure proofs (RFC 9942).
    VDP = 396, "vdp";
}

impl<'a> Label<'a> {
    /// Reads an integer or a text string; anything else breaks `rule`.
    #[inline]
    pub(crate) fn read(reader: &mut Reader<'a>, rule: Rule) -> Result<Self, Error> {
        super::IntOrText::read(reader, rule).map(Self)
    }

    /// Compares as the deterministic encodings do (RFC 8949 4.2.1).
    #[inline]
    pub(crate) fn encoded_cmp(&self, other: &Self) -> Ordering {
        self.value().encoded_cmp(&other.value())
    }
}
