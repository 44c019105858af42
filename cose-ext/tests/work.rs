//! What a call may cost, counted: signatures that are checked and bytes that are hashed, for the
//! nastiest inputs known, at 64 KiB and at 1 MiB. `docs/work.md` has the table.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use cose_ext::cbor::Writer;
use cose_ext::crypto::{
    Aead, Algorithm, Curve, HashFunction, InvalidKey, KeyAgreement, KeyMaterial, KeyOperations,
    KeyProfile, KeyWrap, Mac, Provider, PublicKey, Secret, SecretProvider, SharedSecret,
    SignatureVerifier, SymmetricKey, UnauthenticatedCipher, VerifyError, YCoordinate,
};
use cose_ext::cwt::Cwt;
use cose_ext::error::{ErrorKind, Limit, Policy};
use cose_ext::key::{HeldSecret, Identity, SecretStore, Thumbprint, TrustStore, TrustedKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign::SignPolicy;
use cose_ext::{
    Context, Countersignature, Encrypt, Encrypt0, Input, Limits, Mac0, Profile, Sign, Sign1,
    Supplied, Trust, Work,
};

const SIZES: [usize; 2] = [64 * 1024, 1024 * 1024];

/// A provider whose keys say no, or yes, and are counted.
struct Counting {
    verdict: Result<(), VerifyError>,
    checks: AtomicUsize,
}

impl Counting {
    const fn saying(verdict: Result<(), VerifyError>) -> Self {
        Self { verdict, checks: AtomicUsize::new(0) }
    }

    fn checks(&self) -> usize {
        self.checks.swap(0, Relaxed)
    }
}

struct Asked<'c>(&'c Counting);

impl SignatureVerifier for Asked<'_> {
    fn profile(&self) -> KeyProfile {
        public_key(0).profile()
    }

    fn with_public_key(&self, _: &mut dyn FnMut(&PublicKey<'_>)) {}

    fn verify(&self, _: Algorithm, _: &[&[u8]], _: &[u8]) -> Result<(), VerifyError> {
        self.0.checks.fetch_add(1, Relaxed);
        self.0.verdict
    }
}

impl Provider for Counting {
    fn with_verifier(
        &self,
        _: &PublicKey<'_>,
        then: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        then(&Asked(self));
        Ok(())
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        RustCrypto.hash_function(algorithm)
    }
}

/// One of 256 keys.
fn public_key(number: u8) -> PublicKey<'static> {
    static BYTES: [u8; 512] = {
        let mut bytes = [0; 512];
        let mut index = 0;
        while index < 512 {
            bytes[index] = (index / 2) as u8;
            index += 1;
        }
        bytes
    };
    let x = &BYTES[usize::from(number)..usize::from(number) + 32];
    let y = YCoordinate::Value(&BYTES[200..232]);
    PublicKey { material: KeyMaterial::Ec2 { curve: Curve::P256, x, y }, algorithm: None }
}

fn keys(count: u8) -> Vec<TrustedKey<'static>> {
    let context = Context::new(&RustCrypto);
    let trusted = |number| TrustedKey::new(public_key(number), &context).unwrap();
    (0..count).map(|number| trusted(number).with_key_id(b"k")).collect()
}

fn write(write: impl Fn(&mut Writer<'_>)) -> Vec<u8> {
    let mut measured = Writer::new(&mut []);
    write(&mut measured);
    let needed = measured.finish().unwrap_err().needed;
    let mut bytes = vec![0; needed];
    let mut writer = Writer::new(&mut bytes);
    write(&mut writer);
    writer.finish().unwrap();
    bytes
}

/// Protected and unprotected headers: alg and kid.
fn headers(writer: &mut Writer<'_>, algorithm: i64) {
    writer.embedded(|map| {
        map.map(2).int(1).int(algorithm).int(4).bytes(b"k");
    });
    writer.map(0);
}

fn sign1(payload: usize) -> Vec<u8> {
    write(|writer| {
        writer.tag(18).array(4);
        headers(writer, -7);
        writer.bytes(&vec![0; payload]).bytes(&[0; 64]);
    })
}

fn sign(signatures: usize, payload: usize) -> Vec<u8> {
    write(|writer| {
        writer.tag(98).array(4).bytes(&[]).map(0).bytes(&vec![0; payload]).array(signatures);
        for _ in 0..signatures {
            writer.array(3);
            headers(writer, -7);
            writer.bytes(&[0; 64]);
        }
    })
}

#[test]
fn candidates_of_one_signature_are_bounded() {
    let counting = Counting::saying(Err(VerifyError::InvalidSignature));
    let (context, keys) = (Context::new(&counting), keys(200));
    for size in SIZES {
        let bytes = sign1(size);
        let message = Sign1::decode(&bytes, &Profile::LENIENT).unwrap();
        let verdict = message.verify(&Input::embedded(), &TrustStore::new(&keys), &context);
        assert_eq!(verdict.unwrap_err().kind(), ErrorKind::Limit(Limit::Candidates));
        assert_eq!(counting.checks(), Limits::DEFAULT.candidates);
    }
}

#[test]
fn signatures_times_candidates_are_one_budget() {
    let counting = Counting::saying(Err(VerifyError::InvalidSignature));
    let (context, keys) = (Context::new(&counting), keys(8));
    for size in SIZES {
        let bytes = sign(64, size);
        let message = Sign::decode(&bytes, &Profile::LENIENT).unwrap();
        for policy in [SignPolicy::AtLeast(1), SignPolicy::AtLeast(2), SignPolicy::Keys(&[])] {
            let verdict =
                message.verify(&Input::embedded(), &policy, &TrustStore::new(&keys), &context);
            let kind = verdict.unwrap_err().kind();
            let checks = counting.checks();
            if policy == SignPolicy::Keys(&[]) {
                assert_eq!((kind, checks), (ErrorKind::Policy(Policy::NoSignaturesNeeded), 0));
            } else {
                assert_eq!((kind, checks), (ErrorKind::Limit(Limit::SignatureChecks), 64));
            }
        }
    }
}

#[test]
fn what_a_caller_brings_bounds_several_calls() {
    let counting = Counting::saying(Err(VerifyError::InvalidSignature));
    let keys = keys(8);
    let bytes = sign1(100);
    let message = Sign1::decode(&bytes, &Profile::LENIENT).unwrap();
    let work = Work::new(&Limits::DEFAULT, bytes.len());
    let context = Context::new(&counting).with_work(&work);
    for _ in 0..20 {
        let verdict = message.verify(&Input::embedded(), &TrustStore::new(&keys), &context);
        assert!(verdict.is_err());
    }
    assert_eq!((counting.checks(), work.checks()), (64, 64));
}

#[test]
fn countersignatures_spend_from_the_meter() {
    let counting = Counting::saying(Err(VerifyError::InvalidSignature));
    let keys = keys(8);
    for size in SIZES {
        let bytes = sign1(size);
        let message = Sign1::decode(&bytes, &Profile::LENIENT).unwrap();
        let one = write(|writer| {
            writer.array(3);
            headers(writer, -7);
            writer.bytes(&[0; 64]);
        });
        let one = Countersignature::decode(&one, &Profile::LENIENT).unwrap();
        let work = Work::new(&Limits::DEFAULT.with_signature_checks(5), bytes.len());
        let context = Context::new(&counting).with_work(&work);
        let verdict = one.verify(&message, &Input::embedded(), &TrustStore::new(&keys), &context);
        assert_eq!(verdict.unwrap_err().kind(), ErrorKind::Limit(Limit::SignatureChecks));
        assert_eq!(counting.checks(), 5);
    }
}

/// S6: claims that anybody added to a token, against a large signed payload.
#[test]
fn agreement_of_claims_is_linear() {
    let counting = Counting::saying(Ok(()));
    let keys = keys(1);
    let items = cose_ext::cbor::Limits::DEFAULT.with_items(4 << 20);
    let limits = Limits::DEFAULT.with_cbor(items);
    let profile = Profile::LENIENT.with_limits(limits);
    for size in SIZES {
        let payload = write(|writer| {
            writer.map(1).text("x").array(size);
            for _ in 0..size {
                writer.int(0);
            }
        });
        for claims in [10, 20_000] {
            let bytes = write(|writer| {
                writer.tag(18).array(4).embedded(|map| {
                    map.map(2).int(1).int(-7).int(4).bytes(b"k");
                });
                writer.map(1).int(15).map(claims);
                (0..claims).for_each(|claim| {
                    writer.int(1000 + claim as i64).int(0);
                });
                writer.bytes(&payload).bytes(&[0; 64]);
            });
            let token = Cwt::decode(&bytes, &profile).unwrap();
            let work = Work::new(&limits, bytes.len());
            let context = Context::new(&counting).with_profile(profile).with_work(&work);
            let store = TrustStore::new(&keys);
            let trust = Trust::keys(&store);
            let policy = &SignPolicy::All;
            let verdict = token.verify(&Supplied::NOTHING, &trust, policy, &context);
            assert!(work.compared() <= 8 * bytes.len(), "{} items", work.compared());
            match claims {
                10 => assert!(verdict.is_ok()),
                _ => {
                    assert_eq!(verdict.unwrap_err().kind(), ErrorKind::Limit(Limit::ComparedItems))
                }
            }
        }
    }
}

/// A secret whose every use is counted, and fails.
struct CountedSecret(AtomicUsize);

impl Secret for CountedSecret {
    fn provider(&self) -> Option<&dyn SecretProvider> {
        Some(&RustCrypto)
    }

    fn profile(&self) -> KeyProfile {
        SymmetricKey { k: &[], algorithm: None }.profile()
    }

    fn operations(&self) -> KeyOperations {
        KeyOperations::ALL
    }

    fn with_mac(&self, then: &mut dyn FnMut(&dyn Mac)) -> Result<(), InvalidKey> {
        self.0.fetch_add(1, Relaxed);
        let key = SymmetricKey { k: &[9; 32], algorithm: None };
        RustCrypto.with_mac(&key, then)
    }

    fn with_aead(&self, then: &mut dyn FnMut(&dyn Aead)) -> Result<(), InvalidKey> {
        self.0.fetch_add(1, Relaxed);
        let key = SymmetricKey { k: &[9; 16], algorithm: None };
        RustCrypto.with_aead(&key, then)
    }

    fn with_key_wrap(&self, then: &mut dyn FnMut(&dyn KeyWrap)) -> Result<(), InvalidKey> {
        self.0.fetch_add(1, Relaxed);
        let key = SymmetricKey { k: &[9; 16], algorithm: None };
        RustCrypto.with_key_wrap(&key, then)
    }

    fn with_cipher(&self, _: &mut dyn FnMut(&dyn UnauthenticatedCipher)) -> Result<(), InvalidKey> {
        Err(InvalidKey::Unsupported)
    }

    fn with_shared_secret(&self, _: &mut dyn FnMut(&dyn SharedSecret)) -> Result<(), InvalidKey> {
        Err(InvalidKey::Unsupported)
    }

    fn with_key_agreement(&self, _: &mut dyn FnMut(&dyn KeyAgreement)) -> Result<(), InvalidKey> {
        Err(InvalidKey::Unsupported)
    }
}

#[test]
fn secrets_are_tried_a_bounded_number_of_times() {
    let secret = CountedSecret(AtomicUsize::new(0));
    let held = vec![HeldSecret::device(&secret, Identity::new([1; 32])); 100];
    let store = SecretStore::new(&held);
    let context = Context::new(&RustCrypto);
    for size in SIZES {
        let mac0 = write(|writer| {
            writer.tag(17).array(4);
            headers(writer, 5);
            writer.bytes(&vec![0; size]).bytes(&[0; 32]);
        });
        let message = Mac0::decode(&mac0, &Profile::LENIENT).unwrap();
        let verdict = message.verify(&Input::embedded(), &store, &context);
        assert_eq!(verdict.unwrap_err().kind(), ErrorKind::Limit(Limit::Candidates));
        assert_eq!(secret.0.swap(0, Relaxed), Limits::DEFAULT.candidates);

        let encrypt0 = write(|writer| {
            writer.tag(16).array(3).embedded(|map| {
                map.map(1).int(1).int(1);
            });
            writer.map(1).int(5).bytes(&[0; 12]).bytes(&vec![0; size]);
        });
        let message = Encrypt0::decode(&encrypt0, &Profile::LENIENT).unwrap();
        let mut plaintext = vec![0; size];
        let verdict = message.decrypt(Input::embedded(), &store, &context, &mut plaintext);
        assert_eq!(verdict.unwrap_err().kind(), ErrorKind::Limit(Limit::Candidates));
        assert_eq!(secret.0.swap(0, Relaxed), Limits::DEFAULT.candidates);

        let encrypt = write(|writer| {
            writer.tag(96).array(4).embedded(|map| {
                map.map(1).int(1).int(1);
            });
            writer.map(1).int(5).bytes(&[0; 12]).bytes(&vec![0; size]).array(256);
            for _ in 0..256 {
                writer.array(3).bytes(&[]).map(1).int(1).int(-3).bytes(&[0; 24]);
            }
        });
        let message = Encrypt::decode(&encrypt, &Profile::LENIENT).unwrap();
        let verdict = message.decrypt(Input::embedded(), &store, &context, &mut plaintext);
        assert!(matches!(verdict.unwrap_err().kind(), ErrorKind::Limit(_)));
        assert_eq!(secret.0.swap(0, Relaxed), Limits::DEFAULT.secret_candidates);
    }
}

#[test]
fn a_digest_hashes_what_it_vouches_for_once() {
    use cose_ext::Signed;
    let (preimage, key) = (vec![7; 1 << 20], &keys(1)[0]);
    let digest = RustCrypto.hash_function(Algorithm::SHA256).unwrap().hash(&[&preimage]);
    let bytes = write(|writer| {
        writer.tag(18).array(4).embedded(|map| {
            map.map(3).int(1).int(-7).int(4).bytes(b"k").int(258).int(-16);
        });
        writer.map(0).bytes(digest.as_ref()).bytes(&[0; 64]);
    });
    let counting = Counting::saying(Ok(()));
    let context = Context::new(&counting);
    let message = Sign1::decode(&bytes, &Profile::LENIENT).unwrap();
    let digest = message.verify(&Input::embedded(), key, &context).unwrap();
    let digest = digest.try_map(Signed::digest).unwrap();
    let work = Work::new(&Limits::DEFAULT, preimage.len());
    assert!(digest.vouch_for_bytes(&preimage, &context.with_work(&work)).is_ok());
    assert_eq!(work.hashed(), preimage.len());
    // Whoever vouches again and again with one meter comes to its end.
    let mut outcomes = (0..4).map(|_| digest.vouch_for_bytes(&preimage, &context.with_work(&work)));
    let refused = outcomes.find_map(Result::err).expect("an end");
    assert_eq!(refused.kind(), ErrorKind::Limit(Limit::HashedBytes));
}

/// The verifiers of this provider tell no public key: only what was hashed before is known.
#[test]
fn an_enrolled_key_is_not_hashed_again_when_it_verifies() {
    let counting = Counting::saying(Ok(()));
    let context = Context::new(&counting);
    let (bytes, key) = (sign1(10), public_key(0));
    let message = Sign1::decode(&bytes, &Profile::LENIENT).unwrap();
    let trusted = &keys(1)[0];
    let verified = message.verify(&Input::embedded(), trusted, &context).unwrap();
    assert_eq!(verified.by().thumbprint(), Thumbprint::of(&key, &RustCrypto).ok());
    assert!(verified.by().thumbprint().is_some());
}
