//! Known answers of key agreement.

use super::hex;
use crate::Curve;

/// A key that two sides are known to agree on; the salt is [`SALT`], the context [`CONTEXT`].
pub(in super::super) struct KnownAgreedKey {
    pub(in super::super) curve: Curve,
    pub(in super::super) d: &'static [u8],
    pub(in super::super) x: &'static [u8],
    /// Empty for X25519, as all that is of a Weierstrass curve only.
    pub(in super::super) y: &'static [u8],
    pub(in super::super) peer_x: &'static [u8],
    pub(in super::super) peer_y: &'static [u8],
    /// The order of the curve: a scalar that is none.
    pub(in super::super) order: &'static [u8],
    /// By HKDF with SHA-256.
    pub(in super::super) key_256: &'static [u8],
    /// By HKDF with SHA-512.
    pub(in super::super) key_512: &'static [u8],
}

pub(in super::super) const SALT: &[u8] = b"salt";
pub(in super::super) const CONTEXT: &[u8] = b"context";

/// One of each curve; the keys out of the secrets by OpenSSL.
pub(in super::super) const KNOWN_AGREED_KEYS: &[KnownAgreedKey] = &[
    // RFC 5903 8.1
    KnownAgreedKey {
        curve: Curve::P256,
        d: &hex::<32>("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"),
        x: &hex::<32>("dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180"),
        y: &hex::<32>("5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3"),
        peer_x: &hex::<32>("d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63"),
        peer_y: &hex::<32>("56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab"),
        order: &hex::<32>("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
        key_256: &hex::<32>("49e146bbeba667c15a71cc95a8b807970356681a8e604f0aacc54da634598984"),
        key_512: &hex::<32>("68cc34aadb0c46a4544dadb674b4c5e09373eb2f4d798bd91e2b5751337632e5"),
    },
    // RFC 5903 8.2
    KnownAgreedKey {
        curve: Curve::P384,
        d: &hex::<48>(
            "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655\
             e35b538041e649ee3faef896783ab194",
        ),
        x: &hex::<48>(
            "667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6\
             de3ac808acb4bdb4c88732aee95f41aa",
        ),
        y: &hex::<48>(
            "9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38e\
             eb9fcff3c2c947dae69b4c634573a81c",
        ),
        peer_x: &hex::<48>(
            "e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d\
             0d1ac43a0336def96fda41d0774a3571",
        ),
        peer_y: &hex::<48>(
            "dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1ff\
             f83fa40142209dff5eaad96db9e6386c",
        ),
        order: &hex::<48>(
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf\
             581a0db248b0a77aecec196accc52973",
        ),
        key_256: &hex::<32>("179af04be8d238b50d33afdbb79906aae3d355a7ec01d36606f49bbae6bafd34"),
        key_512: &hex::<32>("e5dbf2de6596eb0aac2f69a9ed26ddacb29c0c1f3a4fd5647fda3b7051d6f4ce"),
    },
    // RFC 5903 8.3
    KnownAgreedKey {
        curve: Curve::P521,
        d: &hex::<66>(
            "0037ade9319a89f4dabdb3ef411aaccca5123c61acab57b5393dce47608172a0\
             95aa85a30fe1c2952c6771d937ba9777f5957b2639bab072462f68c27a57382d\
             4a52",
        ),
        x: &hex::<66>(
            "0015417e84dbf28c0ad3c278713349dc7df153c897a1891bd98bab4357c9ecbe\
             e1e3bf42e00b8e380aeae57c2d107564941885942af5a7f4601723c4195d176c\
             ed3e",
        ),
        y: &hex::<66>(
            "017cae20b6641d2eeb695786d8c946146239d099e18e1d5a514c739d7cb4a10a\
             d8a788015ac405d7799dc75e7b7d5b6cf2261a6a7f1507438bf01beb6ca3926f\
             9582",
        ),
        peer_x: &hex::<66>(
            "00d0b3975ac4b799f5bea16d5e13e9af971d5e9b984c9f39728b5e5739735a21\
             9b97c356436adc6e95bb0352f6be64a6c2912d4ef2d0433ced2b6171640012d9\
             460f",
        ),
        peer_y: &hex::<66>(
            "015c68226383956e3bd066e797b623c27ce0eac2f551a10c2c724d9852077b87\
             220b6536c5c408a1d2aebb8e86d678ae49cb57091f4732296579ab44fcd17f0f\
             c56a",
        ),
        order: &hex::<66>(
            "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
             fffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e9138\
             6409",
        ),
        key_256: &hex::<32>("b3ba3d48a5dac7528999e1a9028dda93cad5876eeb0f4ae475440e555f1fbb55"),
        key_512: &hex::<32>("95cefc07f6798f85c2a31511695b09e737835dc47b0f0a410358c98cd729937d"),
    },
    // RFC 7748 6.1
    KnownAgreedKey {
        curve: Curve::X25519,
        d: &hex::<32>("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"),
        x: &hex::<32>("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"),
        y: &[],
        peer_x: &hex::<32>("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"),
        peer_y: &[],
        order: &[],
        key_256: &hex::<32>("697daf88f968ce1515166839605a607e6d359d703198616811658d040b898213"),
        key_512: &hex::<32>("e20d0cc6ed49c31d63bfbd9cab576ed49d9553ad02a637e7d70082b6e49cb275"),
    },
];
