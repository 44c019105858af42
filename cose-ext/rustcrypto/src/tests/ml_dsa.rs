//! ML-DSA: own signatures, and refusals.

use std::{format, vec, vec::Vec};

use super::{Counter, MESSAGE, broken_feed, feed, parse};
use crate::{
    MlDsa44SigningKey, MlDsa44VerifyingKey, MlDsa65SigningKey, MlDsa65VerifyingKey,
    MlDsa87SigningKey, MlDsa87VerifyingKey, Sha256,
};
use cose_crypto::{
    Algorithm, AlgorithmPolicy, BufferTooShort, HashFunction, InvalidKey, KeyMaterial, PrivateKey,
    PrivateKeyMaterial, PublicKey, SignError, SignatureVerifier, Signer, VerifyError,
};

/// Gives each parameter set to `$check` as a signer, its verifier and its public key.
macro_rules! for_each_set {
    ($seed:expr, $check:expr) => {{
        let check: fn(&dyn Signer, &dyn SignatureVerifier, &PublicKey<'_>) = $check;
        let signer = MlDsa44SigningKey::from_bytes($seed).unwrap();
        check(&signer, &signer.verifying_key(), &signer.public_key().as_public_key());
        let signer = MlDsa65SigningKey::from_bytes($seed).unwrap();
        check(&signer, &signer.verifying_key(), &signer.public_key().as_public_key());
        let signer = MlDsa87SigningKey::from_bytes($seed).unwrap();
        check(&signer, &signer.verifying_key(), &signer.public_key().as_public_key());
    }};
}

fn sign(signer: &dyn Signer) -> Vec<u8> {
    let mut out = vec![0; signer.signature_len()];
    let too_short = signer.sign(MESSAGE, &mut out[1..]);
    assert_eq!(too_short, Err(SignError::BufferTooShort(BufferTooShort { needed: out.len() })));
    assert_eq!(signer.sign(MESSAGE, &mut out), Ok(out.len()));
    out
}

fn akp(public: &[u8], algorithm: Option<Algorithm>) -> PublicKey<'_> {
    PublicKey { material: KeyMaterial::Akp { public }, algorithm }
}

/// The keys of the examples of RFC 9964, whose seed is 32 zeros.
#[test]
fn keys_are_those_of_rfc9964() {
    for_each_set!(&[0; 32], |_, _, key| {
        let KeyMaterial::Akp { public } = key.material else { panic!() };
        let (len, digest) = match key.algorithm {
            Some(Algorithm::ML_DSA_44) => (1312, DIGEST_44),
            Some(Algorithm::ML_DSA_65) => (1952, DIGEST_65),
            _ => (2592, DIGEST_87),
        };
        assert_eq!(public.len(), len);
        assert_eq!(::hex::encode(Sha256.hash(&[public])), digest);
    });
}
/// SHA-256 of each `pub`.
const DIGEST_44: &str = "eb4e7302842153b0fa19e8620739ad258af4929c26dd89079a7ec7d4282208e1";
const DIGEST_65: &str = "085ba380ff386dd52e42349c6eb88489d6058ea541a4e3fb0dce9a3fd1f7a911";
const DIGEST_87: &str = "1d4a461707fc50a7ec93a9c02454778a8b82321ca460eea345e7bbfaff38a3aa";

#[test]
fn own_signatures_verify_in_every_form_that_exists() {
    for_each_set!(&[7; 32], |signer, key, _| {
        let algorithm = signer.algorithm();
        assert!(AlgorithmPolicy::STANDARD.permits(algorithm, &key.profile()));
        let mut signature = sign(signer);
        assert_eq!(signature, sign(signer), "signing is deterministic");
        assert_eq!(key.verify(algorithm, MESSAGE, &signature), Ok(()));
        assert_eq!(key.verify(algorithm, &[&MESSAGE.concat()], &signature), Ok(()));
        assert_eq!(key.verify_stream(algorithm, &mut feed, &signature), Ok(()));
        let interrupted = key.verify_stream(algorithm, &mut broken_feed, &signature);
        assert_eq!(interrupted, Err(VerifyError::Interrupted));
        // HashML-DSA is another algorithm: there is no prehashed form of this one.
        let prehash = key.verify_prehash(algorithm, &[0; 64], &signature);
        assert_eq!(prehash, Err(VerifyError::Unsupported));

        let invalid = Err(VerifyError::InvalidSignature);
        assert_eq!(key.verify(algorithm, &[b"another"], &signature), invalid);
        for len in [0, 1, signature.len() - 1] {
            assert_eq!(key.verify(algorithm, MESSAGE, &signature[..len]), invalid);
        }
        assert_eq!(key.verify(algorithm, MESSAGE, &[&signature[..], &[0]].concat()), invalid);
        for at in [0, 40, signature.len() / 2, signature.len() - 1] {
            signature[at] ^= 1;
            assert_eq!(key.verify(algorithm, MESSAGE, &signature), invalid);
            assert_eq!(key.verify_stream(algorithm, &mut feed, &signature), invalid);
            signature[at] ^= 1;
        }
        // A response that is all ones, hints beyond their number.
        assert_eq!(key.verify(algorithm, MESSAGE, &vec![0xff; signature.len()]), invalid);
        assert_eq!(key.verify(algorithm, MESSAGE, &vec![0; signature.len()]), invalid);
    });
}

#[test]
fn c64_an_akp_key_does_its_own_algorithm_only() {
    const ALGORITHMS: [Algorithm; 3] =
        [Algorithm::ML_DSA_44, Algorithm::ML_DSA_65, Algorithm::ML_DSA_87];
    for_each_set!(&[7; 32], |signer, key, public| {
        let signature = sign(signer);
        for other in ALGORITHMS.into_iter().chain([Algorithm::ES256, Algorithm::EDDSA]) {
            if other != signer.algorithm() {
                let unsupported = Err(VerifyError::Unsupported);
                assert_eq!(key.verify(other, MESSAGE, &signature), unsupported);
                assert_eq!(key.verify_stream(other, &mut feed, &signature), unsupported);
                assert!(!AlgorithmPolicy::STANDARD.permits(other, &key.profile()));
            }
        }
        // Without its algorithm the key says nothing (RFC 9964 3); with another its length is
        // wrong.
        let KeyMaterial::Akp { public } = public.material else { panic!() };
        assert_eq!(parse(&akp(public, None)), Err(InvalidKey::Malformed));
        for algorithm in ALGORITHMS {
            let own = algorithm == signer.algorithm();
            let parsed = parse(&akp(public, Some(algorithm)));
            assert_eq!(parsed, if own { Ok(()) } else { Err(InvalidKey::Malformed) });
        }
        let foreign = parse(&akp(public, Some(Algorithm::ES256)));
        assert_eq!(foreign, Err(InvalidKey::Unsupported));
        for wrong in [&public[1..], &[], &[public, &[0]].concat()] {
            let parsed = parse(&akp(wrong, Some(signer.algorithm())));
            assert_eq!(parsed, Err(InvalidKey::Malformed));
        }
    });
    let unstated = cose_crypto::KeyProfile {
        key_type: cose_crypto::KeyType::AKP,
        curve: None,
        algorithm: None,
    };
    for algorithm in ALGORITHMS {
        assert!(!AlgorithmPolicy::STANDARD.permits(algorithm, &unstated));
    }
}

#[test]
fn a_private_key_is_its_seed() {
    for len in [0, 31, 33, 64] {
        let seed = MlDsa65SigningKey::from_bytes(&[7; 64][..len]);
        assert_eq!(seed.err(), Some(InvalidKey::Malformed));
    }
    let key = MlDsa44SigningKey::generate(&mut Counter(0));
    let seed = key.secret_bytes();
    assert_eq!(seed[..4], [1, 2, 3, 4]);
    let (own, another) = (key.public_key(), MlDsa44SigningKey::from_bytes(&[7; 32]).unwrap());
    let another = another.public_key();
    let read = |public, algorithm| {
        let material = PrivateKeyMaterial::Akp { seed: &*seed };
        MlDsa44SigningKey::from_private_key(&PrivateKey { material, public, algorithm })
            .map(|key| key.public_key() == own)
    };
    let algorithm = Some(Algorithm::ML_DSA_44);
    assert_eq!(read(None, algorithm), Ok(true));
    assert_eq!(read(Some(own.as_public_key().material), algorithm), Ok(true));
    let mismatched = read(Some(another.as_public_key().material), algorithm);
    assert_eq!(mismatched, Err(InvalidKey::Malformed));
    assert_eq!(read(None, None), Err(InvalidKey::Malformed));
    assert_eq!(read(None, Some(Algorithm::ML_DSA_65)), Err(InvalidKey::Unsupported));
}

#[test]
fn debug_shows_no_secret() {
    let key = MlDsa87SigningKey::from_bytes(&[7; 32]).unwrap();
    assert_eq!(format!("{key:?}"), "MlDsa87SigningKey { .. }");
    let public = "MlDsa87VerifyingKey(AKP for ML-DSA-87)";
    assert_eq!(format!("{:?}", key.verifying_key()), public);
    assert_eq!(format!("{:?}", key.public_key()), "PublicKey(AKP for ML-DSA-87)");
}

/// What `set_keys!` says of sizes.
#[test]
fn keys_take_tens_of_kilobytes() {
    let sizes = [
        size_of::<MlDsa44VerifyingKey>(),
        size_of::<MlDsa65VerifyingKey>(),
        size_of::<MlDsa87VerifyingKey>(),
        size_of::<MlDsa44SigningKey>(),
        size_of::<MlDsa65SigningKey>(),
        size_of::<MlDsa87SigningKey>(),
    ];
    assert!(sizes.iter().all(|size| (10_000..120_000).contains(size)), "{sizes:?}");
}
