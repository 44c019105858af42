//! Known answers of ECDH (RFC 5903, RFC 7748).

use std::{format, vec, vec::Vec};

use super::{Counter, hex, symmetric};
use crate::{RustCrypto, hkdf::SharedSecretKey};
use cose_crypto::{
    Algorithm, Curve, Hkdf, InvalidKey, KeyAgreement, KeyDerivation, KeyMaterial, PrivateKey,
    PrivateKeyMaterial, PublicKey, SecretError, SecretProvider, SharedSecret, YCoordinate,
};

const CONTEXT: KeyDerivation<'_> =
    KeyDerivation { hkdf: Hkdf::Sha256, salt: b"salt", context: &[b"con", b"text"] };

/// Two key pairs and their secret.
struct Pairs {
    curve: Curve,
    private: [&'static str; 2],
    public: [[&'static str; 2]; 2],
    secret: &'static str,
}

/// RFC 5903 8.1 to 8.3
const ECDH: [Pairs; 3] = [
    Pairs {
        curve: Curve::P256,
        private: [
            "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
            "C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53",
        ],
        public: [
            [
                "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180",
                "5271A0461CDB8252D61F1C456FA3E59AB1F45B33ACCF5F58389E0577B8990BB3",
            ],
            [
                "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63",
                "56FBF3CA366CC23E8157854C13C58D6AAC23F046ADA30F8353E74F33039872AB",
            ],
        ],
        secret: "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE",
    },
    Pairs {
        curve: Curve::P384,
        private: [
            "099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655\
             E35B538041E649EE3FAEF896783AB194",
            "41CB0779B4BDB85D47846725FBEC3C9430FAB46CC8DC5060855CC9BDA0AA2942\
             E0308312916B8ED2960E4BD55A7448FC",
        ],
        public: [
            [
                "667842D7D180AC2CDE6F74F37551F55755C7645C20EF73E31634FE72B4C55EE6\
                 DE3AC808ACB4BDB4C88732AEE95F41AA",
                "9482ED1FC0EEB9CAFC4984625CCFC23F65032149E0E144ADA024181535A0F38E\
                 EB9FCFF3C2C947DAE69B4C634573A81C",
            ],
            [
                "E558DBEF53EECDE3D3FCCFC1AEA08A89A987475D12FD950D83CFA41732BC509D\
                 0D1AC43A0336DEF96FDA41D0774A3571",
                "DCFBEC7AACF3196472169E838430367F66EEBE3C6E70C416DD5F0C68759DD1FF\
                 F83FA40142209DFF5EAAD96DB9E6386C",
            ],
        ],
        secret: "11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4\
                 D603135569B9E9D09CF5D4A270F59746",
    },
    Pairs {
        curve: Curve::P521,
        private: [
            "0037ADE9319A89F4DABDB3EF411AACCCA5123C61ACAB57B5393DCE47608172A0\
             95AA85A30FE1C2952C6771D937BA9777F5957B2639BAB072462F68C27A57382D4A52",
            "0145BA99A847AF43793FDD0E872E7CDFA16BE30FDC780F97BCCC3F078380201E\
             9C677D600B343757A3BDBF2A3163E4C2F869CCA7458AA4A4EFFC311F5CB151685EB9",
        ],
        public: [
            [
                "0015417E84DBF28C0AD3C278713349DC7DF153C897A1891BD98BAB4357C9ECBE\
                 E1E3BF42E00B8E380AEAE57C2D107564941885942AF5A7F4601723C4195D176CED3E",
                "017CAE20B6641D2EEB695786D8C946146239D099E18E1D5A514C739D7CB4A10A\
                 D8A788015AC405D7799DC75E7B7D5B6CF2261A6A7F1507438BF01BEB6CA3926F9582",
            ],
            [
                "00D0B3975AC4B799F5BEA16D5E13E9AF971D5E9B984C9F39728B5E5739735A21\
                 9B97C356436ADC6E95BB0352F6BE64A6C2912D4EF2D0433CED2B6171640012D9460F",
                "015C68226383956E3BD066E797B623C27CE0EAC2F551A10C2C724D9852077B87\
                 220B6536C5C408A1D2AEBB8E86D678AE49CB57091F4732296579AB44FCD17F0FC56A",
            ],
        ],
        secret: "01144C7D79AE6956BC8EDB8E7C787C4521CB086FA64407F97894E5E6B2D79B04\
                 D1427E73CA4BAA240A34786859810C06B3C715A3A8CC3151F2BEE417996D19F3DDEA",
    },
];

/// RFC 7748 6.1
const ALICE: &str = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
const ALICE_PUBLIC: &str = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
const BOB: &str = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
const BOB_PUBLIC: &str = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
const SECRET: &str = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

fn ec2(curve: Curve, d: &[u8]) -> PrivateKey<'_> {
    PrivateKey { material: PrivateKeyMaterial::Ec2 { curve, d }, public: None, algorithm: None }
}

fn x25519(d: &[u8]) -> PrivateKey<'_> {
    let material = PrivateKeyMaterial::Okp { curve: Curve::X25519, d };
    PrivateKey { material, public: None, algorithm: None }
}

const fn public(material: KeyMaterial<'_>) -> PublicKey<'_> {
    PublicKey { material, algorithm: None }
}

fn derive(
    key: &PrivateKey<'_>,
    peer: &KeyMaterial<'_>,
    derivation: &KeyDerivation<'_>,
) -> Result<[u8; 32], SecretError> {
    let mut derived = [0; 32];
    let mut result = Err(SecretError::Device);
    let parsed = RustCrypto.with_key_agreement(key, &mut |key| {
        result = key.derive(&public(*peer), derivation, &mut derived);
    });
    assert_eq!(parsed, Ok(()));
    result.map(|()| derived)
}

const fn okp(x: &[u8]) -> KeyMaterial<'_> {
    KeyMaterial::Okp { curve: Curve::X25519, x }
}

/// What HKDF makes of a secret that is known.
fn derived_from(secret: &str, derivation: &KeyDerivation<'_>) -> [u8; 32] {
    let mut derived = [0; 32];
    SharedSecretKey(symmetric(&hex(secret))).derive(derivation, &mut derived).unwrap();
    derived
}

fn refusal(key: &PrivateKey<'_>) -> Result<(), InvalidKey> {
    RustCrypto.with_key_agreement(key, &mut |_| panic!("refused keys are not handed out"))
}

#[test]
fn secrets_on_the_curves_of_nist_are_those_of_rfc5903() {
    for pairs in ECDH {
        let [i, r] = pairs.private.map(hex);
        let [gi, gr] = pairs.public.map(|point| point.map(hex));
        let peer = |[x, y]: &[Vec<u8>; 2], check: &dyn Fn(&KeyMaterial<'_>)| {
            let odd = y[y.len() - 1] & 1 == 1;
            for y in [YCoordinate::Value(y), YCoordinate::Sign(odd)] {
                check(&KeyMaterial::Ec2 { curve: pairs.curve, x, y });
            }
        };
        for hkdf in [Hkdf::Sha256, Hkdf::Sha512] {
            let derivation = KeyDerivation { hkdf, ..CONTEXT };
            let answer = Ok(derived_from(pairs.secret, &derivation));
            peer(&gr, &|gr| {
                assert_eq!(derive(&ec2(pairs.curve, &i), gr, &derivation), answer);
            });
            peer(&gi, &|gi| {
                assert_eq!(derive(&ec2(pairs.curve, &r), gi, &derivation), answer);
                // A key that says which public key it has is accepted with its own.
                let key = PrivateKey { public: Some(*gi), ..ec2(pairs.curve, &i) };
                assert!(RustCrypto.with_key_agreement(&key, &mut |_| ()).is_ok());
                let key = PrivateKey { public: Some(*gi), ..ec2(pairs.curve, &r) };
                assert_eq!(refusal(&key), Err(InvalidKey::Malformed));
            });
        }
    }
}

#[test]
fn secrets_on_x25519_are_those_of_rfc7748() {
    let [alice, bob, alice_public, bob_public] = [ALICE, BOB, ALICE_PUBLIC, BOB_PUBLIC].map(hex);
    for hkdf in [Hkdf::Sha256, Hkdf::Sha512] {
        let derivation = KeyDerivation { hkdf, ..CONTEXT };
        let answer = Ok(derived_from(SECRET, &derivation));
        assert_eq!(derive(&x25519(&alice), &okp(&bob_public), &derivation), answer);
        assert_eq!(derive(&x25519(&bob), &okp(&alice_public), &derivation), answer);
        // The highest bit of a point is not looked at (RFC 7748 5).
        let mut masked = bob_public.clone();
        masked[31] |= 0x80;
        assert_eq!(derive(&x25519(&alice), &okp(&masked), &derivation), answer);
    }
    let own = PrivateKey { public: Some(okp(&alice_public)), ..x25519(&alice) };
    assert!(RustCrypto.with_key_agreement(&own, &mut |_| ()).is_ok());
    let others = PrivateKey { public: Some(okp(&bob_public)), ..x25519(&alice) };
    assert_eq!(refusal(&others), Err(InvalidKey::Malformed));
}

/// RFC 7748 6.1: the points of small order give a secret of zeros, whatever the key.
#[test]
fn a_secret_of_zeros_is_refused() {
    let alice = hex(ALICE);
    for point in [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ] {
        let x = &hex(point);
        let peer = KeyMaterial::Okp { curve: Curve::X25519, x };
        assert_eq!(derive(&x25519(&alice), &peer, &CONTEXT), Err(SecretError::Malformed));
    }
}

#[test]
fn peers_that_are_no_point_of_the_curve_are_refused() {
    let refused = |key: &PrivateKey<'_>, peer: KeyMaterial<'_>| {
        assert_eq!(derive(key, &peer, &CONTEXT), Err(SecretError::Malformed), "{peer:?}");
    };
    let alice = hex(ALICE);
    for pairs in ECDH {
        let curve = pairs.curve;
        let d = hex(pairs.private[0]);
        let [x, y] = pairs.public[1].map(hex);
        let key = ec2(curve, &d);
        let zeros = vec![0; x.len()];
        for (x, y) in [
            (&x[..], &x[..]),
            (&x[1..], &y[..]),
            (&x, &y[1..]),
            (&[&[0], &x[..]].concat(), &y),
            (&[0xff; 66][..x.len()], &y),
            (&zeros, &zeros),
            (b"", b""),
        ] {
            refused(&key, KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) });
        }
        refused(&key, KeyMaterial::Ec2 { curve, x: &x[1..], y: YCoordinate::Sign(false) });
        for other in ECDH.iter().filter(|other| other.curve != curve) {
            let [x, y] = other.public[0].map(hex);
            refused(
                &key,
                KeyMaterial::Ec2 { curve: other.curve, x: &x, y: YCoordinate::Value(&y) },
            );
        }
        let y = YCoordinate::Value(&y);
        refused(&x25519(&alice), KeyMaterial::Ec2 { curve, x: &x, y });
        refused(&key, KeyMaterial::Okp { curve: Curve::X25519, x: &alice });
    }
    for x in [&alice[1..], &[9; 33], b""] {
        refused(&x25519(&alice), KeyMaterial::Okp { curve: Curve::X25519, x });
    }
    refused(&x25519(&alice), KeyMaterial::Okp { curve: Curve::ED25519, x: &alice });
}

#[test]
fn private_keys_that_are_none_are_refused() {
    for pairs in ECDH {
        let d = hex(pairs.private[0]);
        for d in [&d[1..], &[&[0], &d[..]].concat(), &vec![0; d.len()], &vec![0xff; d.len()], b""] {
            assert_eq!(refusal(&ec2(pairs.curve, d)), Err(InvalidKey::Malformed));
        }
        // The public part is of another curve, or no point.
        let x = KeyMaterial::Okp { curve: Curve::X25519, x: &d };
        assert!(refusal(&PrivateKey { public: Some(x), ..ec2(pairs.curve, &d) }).is_err());
        let y = YCoordinate::Value(&d);
        let x = KeyMaterial::Ec2 { curve: pairs.curve, x: &d, y };
        let key = PrivateKey { public: Some(x), ..ec2(pairs.curve, &d) };
        assert_eq!(refusal(&key), Err(InvalidKey::Malformed));
    }
    for len in [0, 31, 33, 56] {
        assert_eq!(refusal(&x25519(&vec![1; len])), Err(InvalidKey::Malformed));
    }
    for curve in [Curve::X448, Curve::SECP256K1, Curve::ED25519] {
        assert_eq!(refusal(&ec2(curve, &[1; 32])), Err(InvalidKey::Unsupported));
        let key = PrivateKeyMaterial::Okp { curve, d: &[1; 32] };
        let key = PrivateKey { material: key, ..x25519(b"") };
        assert_eq!(refusal(&key), Err(InvalidKey::Unsupported));
    }
    // The right curve under the wrong key type.
    assert_eq!(refusal(&ec2(Curve::X25519, &[1; 32])), Err(InvalidKey::Unsupported));
    let key = PrivateKeyMaterial::Okp { curve: Curve::P256, d: &[1; 32] };
    assert_eq!(refusal(&PrivateKey { material: key, ..x25519(b"") }), Err(InvalidKey::Unsupported));
}

#[test]
fn an_expansion_over_aes_needs_a_uniform_secret_so_none_is_agreed_on() {
    let alice = hex(ALICE);
    let x = &hex(BOB_PUBLIC);
    for hkdf in [Hkdf::Aes128, Hkdf::Aes256] {
        let derivation = KeyDerivation { hkdf, ..CONTEXT };
        let peer = KeyMaterial::Okp { curve: Curve::X25519, x };
        let derived = derive(&x25519(&alice), &peer, &derivation);
        assert_eq!(derived, Err(SecretError::Unsupported));
    }
}

#[test]
fn ephemeral_keys_agree_and_are_as_random_as_their_source() {
    for curve in [Curve::P256, Curve::P384, Curve::P521, Curve::X25519] {
        let ephemeral = |seed, then: &mut dyn FnMut(&dyn KeyAgreement)| {
            RustCrypto.with_ephemeral_key(curve, &mut Counter(seed), then).unwrap();
        };
        let mut points = Vec::new();
        for seed in [1, 1, 2] {
            ephemeral(seed, &mut |key| {
                assert_eq!(key.profile().curve, Some(curve));
                key.with_public_key(&mut |public| {
                    assert_eq!(public.profile(), key.profile());
                    points.push(format!("{:?}", Plain(public)));
                });
            });
        }
        assert_eq!(points[0], points[1]);
        assert_ne!(points[0], points[2]);

        ephemeral(1, &mut |one| {
            ephemeral(2, &mut |two| {
                let mut derived = [[0; 32]; 2];
                two.with_public_key(&mut |two| {
                    one.derive(two, &CONTEXT, &mut derived[0]).unwrap();
                });
                one.with_public_key(&mut |one| {
                    two.derive(one, &CONTEXT, &mut derived[1]).unwrap();
                });
                assert_eq!(derived[0], derived[1]);
                assert_ne!(derived[0], [0; 32]);
            });
        });
    }
    let other = RustCrypto.with_ephemeral_key(Curve::X448, &mut Counter(1), &mut |_| {
        panic!("not done here");
    });
    assert_eq!(other, Err(InvalidKey::Unsupported));
}

/// Shows the numbers of a public key.
struct Plain<'a>(&'a PublicKey<'a>);

impl core::fmt::Debug for Plain<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self.0.material {
            KeyMaterial::Okp { x, .. } => write!(f, "{x:?}"),
            KeyMaterial::Ec2 { x, y: YCoordinate::Value(y), .. } => write!(f, "{x:?} {y:?}"),
            _ => Err(core::fmt::Error),
        }
    }
}

#[test]
fn a_key_keeps_the_algorithm_that_it_states() {
    let (alice, d) = (hex(ALICE), hex(ECDH[0].private[0]));
    for key in [x25519(&alice), ec2(Curve::P256, &d)] {
        let key = PrivateKey { algorithm: Some(Algorithm::ECDH_ES_HKDF_256), ..key };
        let agreed = RustCrypto.with_key_agreement(&key, &mut |agreement| {
            assert_eq!(agreement.profile(), key.profile());
        });
        assert_eq!(agreed, Ok(()));
    }
}
