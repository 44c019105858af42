//! What the conformance suite does not look at: by-value keys, compressed points, curves with other
//! hashes. The answers are of RFC 6979 and OpenSSL, or the other provider's.

use std::{format, vec, vec::Vec};

use super::{
    AwsLc, Ed25519SigningKey, Ed25519VerifyingKey, MlDsa44SigningKey, MlDsa65SigningKey,
    MlDsa65VerifyingKey, MlDsa87SigningKey, P256SigningKey, P256VerifyingKey, P384SigningKey,
    P384VerifyingKey, P521SigningKey, P521VerifyingKey, buffers::with_whole,
};
use cose_crypto::{
    Algorithm, BufferTooShort, Curve, InvalidKey, Key, KeyMaterial, PrivateKey, PrivateKeyMaterial,
    Provider, PublicKey, SignError, SignatureVerifier, Signer, VerifyError, YCoordinate,
};

fn hex(text: &str) -> Vec<u8> {
    ::hex::decode(text).unwrap()
}

fn ec2<'a>(curve: Curve, x: &'a [u8], y: YCoordinate<'a>) -> PublicKey<'a> {
    PublicKey { material: KeyMaterial::Ec2 { curve, x, y }, algorithm: None }
}

/// The P-256 key of RFC 6979 A.2.5.
fn rfc6979() -> (Vec<u8>, Vec<u8>) {
    (
        hex("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"),
        hex("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"),
    )
}

#[test]
fn points_come_back_whole_also_when_they_came_compressed() {
    let (x, y) = rfc6979();
    let whole = ec2(Curve::P256, &x, YCoordinate::Value(&y));
    // y is odd.
    for (key, is_own) in [
        (whole, true),
        (ec2(Curve::P256, &x, YCoordinate::Sign(true)), true),
        (ec2(Curve::P256, &x, YCoordinate::Sign(false)), false),
    ] {
        let parsed = P256VerifyingKey::from_public_key(&key).unwrap();
        let own = parsed.public_key();
        assert_eq!((own.x[..] == x[..], own.y[..] == y[..]), (true, is_own));
    }
    let debug = format!("{:?}", P256VerifyingKey::from_public_key(&whole).unwrap());
    assert_eq!(debug, "P256VerifyingKey(EC2 P-256)");
}

/// Each curve with each hash (RFC 6979 A.2.5 to A.2.7, the message is "sample"): a digest that is
/// longer than the order is cut, a shorter one is the same number with zeros in front.
#[test]
fn c21_hash_and_curve_are_independent_below_policy() {
    let (p256, p384, p521) = curves();
    let (p256, p384, p521): (&dyn SignatureVerifier, &dyn SignatureVerifier, _) =
        (&p256, &p384, &p521 as &dyn SignatureVerifier);
    for (key, algorithm, signature) in [
        (
            p256,
            Algorithm::ES256,
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41\
             d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
        ),
        (
            p384,
            Algorithm::ES256,
            "21b13d1e013c7fa1392d03c5f99af8b30c570c6f98d4ea8e354b63a21d3daa33bde1e888e63355d9\
             2fa2b3c36d8fb2cdf3aa443fb107745bf4bd77cb3891674632068a10ca67e3d45db2266fa7d1feeb\
             efdc63eccd1ac42ec0cb8668a4fa0ab0",
        ),
        (
            p521,
            Algorithm::ES256,
            "01511bb4d675114fe266fc4372b87682baecc01d3cc62cf2303c92b3526012659d16876e25c7c1e5\
             7648f23b73564d67f61c6f14d527d54972810421e7d87589e1a7004a171143a83163d6df460aaf61\
             522695f207a58b95c0644d87e52aa1a347916e4f7a72930b1bc06dbe22ce3f58264afd23704cbb63\
             b29b931f7de6c9d949a7ecfc",
        ),
        (
            p256,
            Algorithm::ES384,
            "0eafea039b20e9b42309fb1d89e213057cbf973dc0cfc8f129edddc800ef77194861f0491e6998b9\
             455193e34e7b0d284ddd7149a74b95b9261f13abde940954",
        ),
        (
            p384,
            Algorithm::ES384,
            "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf9\
             6e36dd1e80fabe4699ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f\
             a329c145786e679e7b82c71a38628ac8",
        ),
        (
            p521,
            Algorithm::ES384,
            "01ea842a0e17d2de4f92c15315c63ddf72685c18195c2bb95e572b9c5136ca4b4b576ad712a52be9\
             730627d16054ba40cc0b8d3ff035b12ae75168397f5d50c6745101f21a3cee066e1961025fb048bd\
             5fe2b7924d0cd797babe0a83b66f1e35eeaf5fde143fa85dc394a7dee766523393784484bdf3e001\
             14a1c857cde1aa203db65d61",
        ),
        (
            p256,
            Algorithm::ES512,
            "8496a60b5e9b47c825488827e0495b0e3fa109ec4568fd3f8d1097678eb97f002362ab1adbe2b8ad\
             f9cb9edab740ea6049c028114f2460f96554f61fae3302fe",
        ),
        (
            p384,
            Algorithm::ES512,
            "ed0959d5880ab2d869ae7f6c2915c6d60f96507f9cb3e047c0046861da4a799cfe30f35cc900056d\
             7c99cd7882433709512c8cceee3890a84058ce1e22dbc2198f42323ce8aca9135329f03c068e5112\
             dc7cc3ef3446defceb01a45c2667fdd5",
        ),
        (
            p521,
            Algorithm::ES512,
            "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5\
             d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa00617cce7cf5064806c467f678d3\
             b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1\
             dccc43997f1ee0e44da4a67a",
        ),
    ] {
        let signature = hex(signature);
        assert_eq!(key.verify(algorithm, &[b"sam", b"ple"], &signature), Ok(()));
        let changed = key.verify(algorithm, &[b"simple"], &signature);
        assert_eq!(changed, Err(VerifyError::InvalidSignature));
        for other in [Algorithm::EDDSA, Algorithm::PS256, Algorithm::ML_DSA_44] {
            let verdict = key.verify(other, &[b"sample"], &signature);
            assert_eq!(verdict, Err(VerifyError::Unsupported));
        }
    }
    let verdict = p256.verify(Algorithm::ESP384, &[b"sample"], &[1; 64]);
    assert_eq!(verdict, Err(VerifyError::Unsupported));
}

/// The keys of RFC 6979 A.2.5, A.2.6 and A.2.7.
fn curves() -> (P256VerifyingKey, P384VerifyingKey, P521VerifyingKey) {
    let (x, y) = rfc6979();
    let p256 = P256VerifyingKey::from_public_key(&ec2(Curve::P256, &x, YCoordinate::Value(&y)));
    let x = hex("ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64\
                 def8f0ea9055866064a254515480bc13");
    let y = hex("8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1\
                 288b231c3ae0d4fe7344fd2533264720");
    let p384 = P384VerifyingKey::from_public_key(&ec2(Curve::P384, &x, YCoordinate::Value(&y)));
    let x = hex("01894550d0785932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd37\
                 1123d46e45db6b5d5370a7f20fb633155d38ffa16d2bd761dcac474b9a2f5023a4");
    let y = hex("00493101c962cd4d2fddf782285e64584139c2f91b47f87ff82354d6630f746a28\
                 a0db25741b5b34a828008b22acc23f924faafbd4d33f81ea66956dfeaa2bfdfcf5");
    let p521 = P521VerifyingKey::from_public_key(&ec2(Curve::P521, &x, YCoordinate::Value(&y)));
    (p256.unwrap(), p384.unwrap(), p521.unwrap())
}

#[test]
fn parsed_keys_give_back_what_they_were_parsed_from() {
    let x = hex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8");
    let material = KeyMaterial::Okp { curve: Curve::ED25519, x: &x };
    let key = PublicKey { material, algorithm: None };
    let parsed = Ed25519VerifyingKey::from_public_key(&key).unwrap();
    assert!(parsed.public_key().as_public_key() == key);

    let public = vec![7; 1952];
    let material = KeyMaterial::Akp { public: &public };
    let key = PublicKey { material, algorithm: Some(Algorithm::ML_DSA_65) };
    let parsed = MlDsa65VerifyingKey::from_public_key(&key).unwrap();
    assert!(parsed.public_key().as_public_key() == key);
    let unstated = PublicKey { material, algorithm: None };
    let refused = AwsLc.with_verifier(&unstated, &mut |_| ());
    assert_eq!(refused, Err(InvalidKey::Malformed));
}

/// One part is not copied.
#[test]
fn a_message_is_collected_only_where_it_is_in_parts() {
    let part = [1, 2, 3];
    assert!(with_whole(&[&part], |whole| core::ptr::eq(whole, &part[..])));
    assert_eq!(with_whole(&[&part, &[], &[4]], <[u8]>::to_vec), [1, 2, 3, 4]);
    assert!(with_whole(&[], <[u8]>::is_empty));
}

fn signs(signer: &dyn Signer, public: &PublicKey<'_>) {
    let message: &[&[u8]] = &[b"part one, ", b"", b"part two"];
    let mut signature = vec![0; signer.signature_len() + 1];
    let len = signer.sign(message, &mut signature).unwrap();
    assert_eq!(len, signer.signature_len());
    let too_short = signer.sign(message, &mut [0; 3]);
    assert_eq!(too_short, Err(SignError::BufferTooShort(BufferTooShort { needed: len })));
    let algorithm = signer.algorithm();
    let key = Key::new(*public, &AwsLc);
    assert_eq!(key.verify(algorithm, message, &signature[..len]), Ok(()));
    let other = key.verify(algorithm, &[b"part"], &signature[..len]);
    assert_eq!(other, Err(VerifyError::InvalidSignature));
}

#[test]
fn own_signatures_verify() {
    for seed in 1..4 {
        let key = P256SigningKey::from_bytes(&[seed; 32]).unwrap();
        signs(&key, &key.public_key().as_public_key());
        assert_eq!(*key.secret_bytes(), [seed; 32]);
        let key = key.with_algorithm(Algorithm::ESP256).unwrap();
        signs(&key, &key.public_key().as_public_key());
        let key = P384SigningKey::from_bytes(&[seed; 48]).unwrap();
        signs(&key, &key.public_key().as_public_key());
        let mut scalar = [seed; 66];
        scalar[0] = 0;
        let key = P521SigningKey::from_bytes(&scalar).unwrap();
        signs(&key, &key.public_key().as_public_key());
        assert_eq!(*key.secret_bytes(), scalar);
        let key = Ed25519SigningKey::from_bytes(&[seed; 32]).unwrap();
        signs(&key, &key.public_key().as_public_key());
        let key = MlDsa44SigningKey::from_bytes(&[seed; 32]).unwrap();
        signs(&key, &key.public_key().as_public_key());
        let key = MlDsa65SigningKey::from_bytes(&[seed; 32]).unwrap();
        signs(&key, &key.public_key().as_public_key());
        let key = MlDsa87SigningKey::from_bytes(&[seed; 32]).unwrap();
        signs(&key, &key.public_key().as_public_key());
        assert_eq!(*key.secret_bytes(), [seed; 32]);
    }
    let (x, y) = rfc6979();
    let scalar = hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    let public = P256SigningKey::from_bytes(&scalar).unwrap().public_key();
    assert_eq!((&public.x[..], &public.y[..]), (&x[..], &y[..]));
}

#[test]
fn private_keys_are_whole_in_range_and_their_public_keys() {
    let malformed = Some(InvalidKey::Malformed);
    let order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    for scalar in [&[0; 32][..], &[1; 31], &[1; 33], &[], &order] {
        assert_eq!(P256SigningKey::from_bytes(scalar).err(), malformed);
    }
    for len in [0, 31, 33, 64] {
        assert_eq!(Ed25519SigningKey::from_bytes(&[7; 64][..len]).err(), malformed);
        assert_eq!(MlDsa44SigningKey::from_bytes(&[7; 64][..len]).err(), malformed);
    }
    let own = P256SigningKey::from_bytes(&[1; 32]).unwrap().public_key();
    let other = P256SigningKey::from_bytes(&[2; 32]).unwrap().public_key();
    let read = |public: Option<KeyMaterial<'_>>, algorithm| {
        let material = PrivateKeyMaterial::Ec2 { curve: Curve::P256, d: &[1; 32] };
        P256SigningKey::from_private_key(&PrivateKey { material, public, algorithm })
            .map(|key| (key.public_key() == own, key.algorithm()))
    };
    assert_eq!(read(None, None), Ok((true, Algorithm::ES256)));
    let own_material = Some(own.as_public_key().material);
    assert_eq!(read(own_material, Some(Algorithm::ESP256)), Ok((true, Algorithm::ESP256)));
    let others = read(Some(other.as_public_key().material), None);
    assert_eq!(others, Err(InvalidKey::Malformed));
    assert_eq!(read(None, Some(Algorithm::ES384)), Err(InvalidKey::Unsupported));
    let akp = |algorithm| {
        let material = PrivateKeyMaterial::Akp { seed: &[7; 32] };
        MlDsa44SigningKey::from_private_key(&PrivateKey { material, public: None, algorithm })
    };
    assert!(akp(Some(Algorithm::ML_DSA_44)).is_ok());
    assert_eq!(akp(None).err(), malformed);
    assert_eq!(akp(Some(Algorithm::ML_DSA_65)).err(), Some(InvalidKey::Unsupported));
    let key = Ed25519SigningKey::from_bytes(&[7; 32]).unwrap();
    assert_eq!(format!("{key:?}"), "Ed25519SigningKey { .. }");
}

/// Draws one byte over and over.
struct Constant(u8);

impl rand_core::TryRng for Constant {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_ne_bytes([self.0; 4]))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_ne_bytes([self.0; 8]))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Self::Error> {
        dst.fill(self.0);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Constant {}

#[test]
fn a_new_key_is_what_was_drawn() {
    let rng = &mut Constant(7);
    assert_eq!(*P256SigningKey::generate(rng).unwrap().secret_bytes(), [7; 32]);
    assert_eq!(*P384SigningKey::generate(rng).unwrap().secret_bytes(), [7; 48]);
    let p521 = P521SigningKey::generate(rng).unwrap().secret_bytes();
    assert_eq!((p521[0], &p521[1..]), (1, &[7; 65][..]));
    assert_eq!(*Ed25519SigningKey::generate(rng).unwrap().secret_bytes(), [7; 32]);
    assert_eq!(*MlDsa65SigningKey::generate(rng).unwrap().secret_bytes(), [7; 32]);
    // Beyond the order, or zero, again and again.
    for broken in [0xff, 0] {
        let refused = P256SigningKey::generate(&mut Constant(broken)).err();
        assert_eq!(refused, Some(InvalidKey::Malformed));
    }
}
