//! Test keys that never change, as raw bytes. Each is published: none may protect anything.

/// A key pair on a NIST curve whose field elements take `N` bytes.
#[derive(Clone, Copy)]
pub struct EcKey<const N: usize> {
    /// The private scalar, big-endian.
    pub private: [u8; N],
    /// The public point's x.
    pub x: [u8; N],
    /// The public point's y.
    pub y: [u8; N],
}

/// An Ed25519 key pair.
#[derive(Clone, Copy)]
pub struct Ed25519Key {
    /// The private key of RFC 8032, often called the seed.
    pub private: [u8; 32],
    /// The public key.
    pub public: [u8; 32],
}

/// The P-256 key of RFC 6979 A.2.5.
pub const P256_RFC6979: EcKey<32> = EcKey {
    private: bytes("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"),
    x: bytes("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"),
    y: bytes("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"),
};

/// The P-256 key "11" of the COSE examples (RFC 9052 appendix C.7).
pub const P256_COSE_11: EcKey<32> = EcKey {
    private: bytes("57c92077664146e876760c9520d054aa93c3afb04e306705db6090308507b4d3"),
    x: bytes("bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"),
    y: bytes("20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e"),
};

/// A P-256 key whose scalar is the bytes 1, 2, 3, ...: one more, for tests that need a stranger.
pub const P256_COUNTING: EcKey<32> = EcKey {
    private: counting(),
    x: bytes("515c3d6eb9e396b904d3feca7f54fdcd0cc1e997bf375dca515ad0a6c3b4035f"),
    y: bytes("4536be3a50f318fbf9a5475902a221502bef0d57e08c53b2cc0a56f17d9f9354"),
};

/// The P-384 key of RFC 6979 A.2.6.
pub const P384_RFC6979: EcKey<48> = EcKey {
    private: bytes(
        "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5",
    ),
    x: bytes(
        "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13",
    ),
    y: bytes(
        "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720",
    ),
};

/// A P-384 key whose scalar is the bytes 1, 2, 3, ...
pub const P384_COUNTING: EcKey<48> = EcKey {
    private: counting(),
    x: bytes(
        "c76f2283dda95cd49b0ed9e733d2904474e37216f124e13d2c9ab4cf01021c49ad9cabb3d0b97499aef2f0ab313fa028",
    ),
    y: bytes(
        "26bc1f83451b5c8962a75caff73588d4400a6296436154fb343c393e91048a6c7bcbadc83cd8a5f26feae883156f92a1",
    ),
};

/// The first Ed25519 key of RFC 8032 7.1.
pub const ED25519_RFC8032_1: Ed25519Key = Ed25519Key {
    private: bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
    public: bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"),
};

/// The second Ed25519 key of RFC 8032 7.1.
pub const ED25519_RFC8032_2: Ed25519Key = Ed25519Key {
    private: bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
    public: bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
};

/// An Ed25519 key whose private key is the bytes 1, 2, 3, ...
pub const ED25519_COUNTING: Ed25519Key = Ed25519Key {
    private: counting(),
    public: bytes("79b5562e8fe654f94078b112e8a98ba7901f853ae695bed7e0e3910bad049664"),
};

/// Lower-case hex to bytes, when the program is compiled.
const fn bytes<const N: usize>(hex: &str) -> [u8; N] {
    const fn digit(digit: u8) -> u8 {
        match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => panic!("not a hex digit"),
        }
    }
    let hex = hex.as_bytes();
    assert!(hex.len() == 2 * N);
    let mut bytes = [0; N];
    let mut i = 0;
    while i < N {
        bytes[i] = 16 * digit(hex[2 * i]) + digit(hex[2 * i + 1]);
        i += 1;
    }
    bytes
}

/// 1, 2, 3, ...
const fn counting<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let mut i = 0;
    while i < N {
        bytes[i] = i as u8 + 1;
        i += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::elliptic_curve::sec1::ToSec1Point;

    #[test]
    fn the_p256_points_belong_to_their_scalars() {
        for key in [P256_RFC6979, P256_COSE_11, P256_COUNTING] {
            let secret = p256::SecretKey::from_slice(&key.private).unwrap();
            let point = secret.public_key().to_sec1_point(false);
            assert_eq!(point.as_bytes(), [&[4], &key.x[..], &key.y[..]].concat());
        }
    }

    #[test]
    fn the_p384_points_belong_to_their_scalars() {
        for key in [P384_RFC6979, P384_COUNTING] {
            let secret = p384::SecretKey::from_slice(&key.private).unwrap();
            let point = secret.public_key().to_sec1_point(false);
            assert_eq!(point.as_bytes(), [&[4], &key.x[..], &key.y[..]].concat());
        }
    }

    #[test]
    fn the_ed25519_public_keys_belong_to_their_private_keys() {
        for key in [ED25519_RFC8032_1, ED25519_RFC8032_2, ED25519_COUNTING] {
            let secret = ed25519_dalek::SigningKey::from_bytes(&key.private);
            assert_eq!(secret.verifying_key().to_bytes(), key.public);
        }
    }
}
