//! Known answers of ECDSA (RFC 6979), and refusals.

use std::{format, vec::Vec};

use super::{Counter, MESSAGE, broken_feed, feed, hex, parse};
use crate::{P256SigningKey, P256VerifyingKey, P384SigningKey, P521SigningKey, P521VerifyingKey};
use cose_crypto::{
    Algorithm, AlgorithmPolicy, BufferTooShort, Curve, InvalidKey, KeyMaterial, PublicKey,
    SignError, SignatureVerifier, Signer, VerifyError, YCoordinate,
};

/// 0x1234567890abcdef1234567890abcdef, right-aligned.
fn scalar<const LEN: usize>() -> [u8; LEN] {
    let mut scalar = [0; LEN];
    scalar[LEN - 16..].copy_from_slice(&hex("1234567890abcdef1234567890abcdef"));
    scalar
}

fn sign(signer: &dyn Signer, message: &[&[u8]]) -> Vec<u8> {
    let mut out = [0; 200];
    let len = signer.sign(message, &mut out).unwrap();
    assert_eq!(len, signer.signature_len());
    assert_eq!(
        signer.sign(message, &mut [0; 3]),
        Err(SignError::BufferTooShort(BufferTooShort { needed: len }))
    );
    out[..len].to_vec()
}

#[test]
fn signatures_are_those_of_rfc6979() {
    let key = P256SigningKey::from_bytes(&hex(
        "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
    ));
    assert_eq!(
        sign(&key.unwrap(), &[b"sam", b"ple"]),
        hex("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716\
             F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8")
    );
    let key = P384SigningKey::from_bytes(&hex(
        "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8\
         96D5724E4C70A825F872C9EA60D2EDF5",
    ));
    assert_eq!(
        sign(&key.unwrap(), &[b"sam", b"ple"]),
        hex("94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C\
             81A648152E44ACF96E36DD1E80FABE46\
             99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94F\
             A329C145786E679E7B82C71A38628AC8")
    );
    let key = P521SigningKey::from_bytes(&hex(
        "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CA\
         A896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
    ));
    assert_eq!(
        sign(&key.unwrap(), &[b"sam", b"ple"]),
        hex("00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F17\
             4E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA\
             00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF28\
             2623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A")
    );
}

#[test]
fn own_signatures_verify_in_every_form() {
    let signers: [(&dyn Signer, &dyn SignatureVerifier, Curve); 3] = [
        (
            &P256SigningKey::generate(&mut Counter(7)),
            &P256SigningKey::generate(&mut Counter(7)).verifying_key(),
            Curve::P256,
        ),
        (
            &P384SigningKey::generate(&mut Counter(7)),
            &P384SigningKey::generate(&mut Counter(7)).verifying_key(),
            Curve::P384,
        ),
        (
            &P521SigningKey::generate(&mut Counter(7)),
            &P521SigningKey::generate(&mut Counter(7)).verifying_key(),
            Curve::P521,
        ),
    ];
    for (signer, verifier, curve) in signers {
        let algorithm = signer.algorithm();
        assert!(AlgorithmPolicy::STANDARD.permits(algorithm, &verifier.profile()));
        assert_eq!(verifier.profile().curve, Some(curve));
        let mut signature = sign(signer, MESSAGE);
        assert_eq!(verifier.verify(algorithm, MESSAGE, &signature), Ok(()));
        assert_eq!(verifier.verify_stream(algorithm, &mut feed, &signature), Ok(()));
        let interrupted = verifier.verify_stream(algorithm, &mut broken_feed, &signature);
        assert_eq!(interrupted, Err(VerifyError::Interrupted));
        for len in [0, 1, signature.len() - 1] {
            let cut = verifier.verify(algorithm, MESSAGE, &signature[..len]);
            assert_eq!(cut, Err(VerifyError::InvalidSignature));
        }
        signature.push(0);
        let longer = verifier.verify(algorithm, MESSAGE, &signature);
        assert_eq!(longer, Err(VerifyError::InvalidSignature));
        signature.pop();
        signature[0] ^= 1;
        let changed = verifier.verify(algorithm, MESSAGE, &signature);
        assert_eq!(changed, Err(VerifyError::InvalidSignature));
    }
}

/// -7, -35 and -36 name the hash; the curve is policy's. The signatures are OpenSSL's.
#[test]
fn c21_hash_and_curve_are_independent_below_policy() {
    let key = P256SigningKey::from_bytes(&scalar::<32>()).unwrap().verifying_key();
    let es384 = hex("702ad1db331d672d0581b43e1efb2df7f666631a7ed6560018b7fdc1f9783617\
                     544af8ef5bcf52569115fd6e4eff6c1627c59c6f8a8a0bf92bdbf7691e66e7e7");
    let es512 = hex("55133ddb39e149a3c0b04832475d484ac5c7841fd6db207939427717fb4981ae\
                     e850375e8156e9452ac8914f3a0daa50f4159e5ab9cdb59cee4d0cd4237e2086");
    assert_eq!(key.verify(Algorithm::ES384, MESSAGE, &es384), Ok(()));
    assert_eq!(key.verify(Algorithm::ES512, MESSAGE, &es512), Ok(()));
    assert_eq!(key.verify(Algorithm::ES256, MESSAGE, &es384), Err(VerifyError::InvalidSignature));
    for other in [Algorithm::ESP384, Algorithm::ESP512, Algorithm::EDDSA, Algorithm::PS256] {
        assert_eq!(key.verify(other, MESSAGE, &es384), Err(VerifyError::Unsupported));
        let prehash = key.verify_prehash(other, &[0; 48], &es384);
        assert_eq!(prehash, Err(VerifyError::Unsupported));
    }
    let policy = AlgorithmPolicy::STANDARD;
    assert!(!policy.permits(Algorithm::ES384, &key.profile()));

    let key = P521SigningKey::from_bytes(&scalar::<66>()).unwrap().verifying_key();
    let es256 = hex("01614e49edc655038da6d77b7e430b0f6cf81ed8028b349d86859e510365552636\
                     ecbaef31c6c1656759382feeb160b6d91c4ff3a821b3ae90f552acec1163285c6e\
                     0175e042f896e08e3b6c2efc560c9379138abd8e7084ddcea425143070df057406\
                     e7f5c548de816a9f8eba1a70954f5e378717fde78e40155519dc60bb062a07b884");
    assert_eq!(key.verify(Algorithm::ES256, MESSAGE, &es256), Ok(()));
}

#[test]
fn fully_specified_algorithms_are_their_kin_under_another_name() {
    let usual = P256SigningKey::from_bytes(&scalar::<32>()).unwrap();
    let signature = sign(&usual, MESSAGE);
    let key = usual.verifying_key();
    assert_eq!(key.verify(Algorithm::ESP256, MESSAGE, &signature), Ok(()));
    let specified = usual.with_algorithm(Algorithm::ESP256).unwrap();
    assert_eq!(specified.algorithm(), Algorithm::ESP256);
    assert_eq!(sign(&specified, MESSAGE), signature);
    let refused = specified.with_algorithm(Algorithm::ES384).map(|_| ());
    assert_eq!(refused, Err(InvalidKey::Unsupported));
}

#[test]
fn a_prehash_has_the_length_of_its_hash() {
    let signer = P256SigningKey::from_bytes(&scalar::<32>()).unwrap();
    let signature = sign(&signer, &[]);
    let digest = cose_crypto::HashFunction::hash(&crate::Sha256, &[]);
    let (key, digest) = (signer.verifying_key(), digest.as_ref());
    assert_eq!(key.verify_prehash(Algorithm::ES256, digest, &signature), Ok(()));
    let longer = [digest, &[0]].concat();
    for wrong in [&digest[..31], &longer, &[]] {
        let verified = key.verify_prehash(Algorithm::ES256, wrong, &signature);
        assert_eq!(verified, Err(VerifyError::InvalidSignature));
    }
}

#[test]
fn high_s_is_accepted() {
    // n - s for the signature of RFC 6979 A.2.5, whose s is high already: both forms verify.
    let key = P256SigningKey::from_bytes(&hex(
        "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
    ));
    let key = key.unwrap().verifying_key();
    let r = "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716";
    let high = "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8";
    let low = "0834E36AD29A83BF2BC9385E491D6099C8FDF9D1ED67AA7EA5F51F93782857A9";
    for s in [high, low] {
        let signature = hex(&format!("{r}{s}"));
        assert_eq!(key.verify(Algorithm::ES256, &[b"sample"], &signature), Ok(()));
    }
}

#[test]
fn c24_coordinates_are_whole_and_on_the_curve() {
    let own = P256SigningKey::from_bytes(&scalar::<32>()).unwrap().public_key();
    let ec2 =
        |curve, x, y| PublicKey { material: KeyMaterial::Ec2 { curve, x, y }, algorithm: None };
    let whole = YCoordinate::Value(&own.y);
    assert_eq!(parse(&ec2(Curve::P256, &own.x, whole)), Ok(()));
    let malformed = Err(InvalidKey::Malformed);
    // Leading zeros are neither stripped nor added (RFC 9053 7.1.1).
    assert_eq!(parse(&ec2(Curve::P256, &own.x[1..], whole)), malformed);
    let longer = [&[0], &own.x[..]].concat();
    assert_eq!(parse(&ec2(Curve::P256, &longer, whole)), malformed);
    assert_eq!(parse(&ec2(Curve::P256, &[], whole)), malformed);
    assert_eq!(parse(&ec2(Curve::P256, &own.y, YCoordinate::Value(&own.x))), malformed);
    assert_eq!(parse(&ec2(Curve::P256, &own.x, YCoordinate::Value(&own.y[1..]))), malformed);
    assert_eq!(parse(&ec2(Curve::P256, &[0xff; 32], YCoordinate::Sign(true))), malformed);
    assert_eq!(parse(&ec2(Curve::P384, &own.x, whole)), malformed);
    let unsupported = Err(InvalidKey::Unsupported);
    assert_eq!(parse(&ec2(Curve::BRAINPOOL_P320R1, &own.x, whole)), unsupported);
    let okp = KeyMaterial::Okp { curve: Curve::P256, x: &own.x };
    assert_eq!(parse(&PublicKey { material: okp, algorithm: None }), unsupported);
}

#[test]
fn compressed_points_are_decompressed() {
    for seed in 0..8 {
        let own = P256SigningKey::generate(&mut Counter(seed)).public_key();
        let odd = own.y[31] & 1 == 1;
        for (sign, is_own) in [(odd, true), (!odd, false)] {
            let y = YCoordinate::Sign(sign);
            let material = KeyMaterial::Ec2 { curve: Curve::P256, x: &own.x, y };
            let key = PublicKey { material, algorithm: Some(Algorithm::ES256) };
            let key = P256VerifyingKey::from_public_key(&key).unwrap();
            assert_eq!(key.public_key() == own, is_own);
            assert_eq!(key.profile().algorithm, Some(Algorithm::ES256));
        }
    }
    let own = P521SigningKey::generate(&mut Counter(1)).public_key();
    let y = YCoordinate::Sign(own.y[65] & 1 == 1);
    let material = KeyMaterial::Ec2 { curve: Curve::P521, x: &own.x, y };
    let key = PublicKey { material, algorithm: None };
    assert_eq!(P521VerifyingKey::from_public_key(&key).unwrap().public_key(), own);
}

#[test]
fn private_scalars_are_whole_and_in_range() {
    let order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let malformed = Some(InvalidKey::Malformed);
    for scalar in [&[0; 32][..], &[1; 31], &[1; 33], &[], &hex(order)] {
        assert_eq!(P256SigningKey::from_bytes(scalar).err(), malformed);
    }
    let scalar = scalar::<32>();
    let key = P256SigningKey::from_bytes(&scalar).unwrap();
    assert_eq!(*key.secret_bytes(), scalar);
    assert_eq!(format!("{key:?}"), "P256SigningKey { .. }");
    assert_eq!(format!("{:?}", key.verifying_key()), "P256VerifyingKey(EC2 P-256)");
    assert_eq!(format!("{:?}", key.public_key()), "PublicKey(EC2 P-256)");
}
