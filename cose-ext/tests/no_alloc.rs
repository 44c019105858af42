//! Reading and verifying take nothing from the heap, and hash each signed byte once.
//!
//! The counter is the allocator of this program; the library is built with whatever features the run has.

// Not every test uses every helper.
#![allow(dead_code, unreachable_pub)]

#[cfg(feature = "x509")]
#[path = "support/certificates.rs"]
mod certificates;
#[path = "support/messages.rs"]
mod messages;

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use cose_ext::countersignature::CountersignStructure;
use cose_ext::crypto::{
    Algorithm, Feed, HashFunction, HashValue, Interrupted, KeyProfile, PublicKey,
    SignatureVerifier, Signer, VerifyError,
};
use cose_ext::key::{CoseKey, Identity, KeyResolver, KeySet, Thumbprint, TrustStore, TrustedKey};
use cose_ext::rustcrypto::{P256VerifyingKey, RustCrypto, Sha256};
use cose_ext::{
    Context, Countersignature, Countersignature0, Input, Label, Profile, Sign1, Stream, Supplied,
};
use testkit::alloc_count::{Allocations, Counting, allocations_during};

use messages::{
    EDWARDS, ISSUER, STRANGER, bstr, edwards, h, issuer, p256_key, sign1, signature, signed,
    trusted_edwards, trusted_issuer, trusted_stranger,
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const NONE: Allocations = Allocations { count: 0, bytes: 0, largest: 0 };

/// What `f` gives, which must have been had without heap.
#[track_caller]
fn without_heap<T>(f: impl FnOnce() -> T) -> T {
    let (value, allocations) = allocations_during(f);
    assert_eq!(allocations, NONE);
    value
}

/// A statement of 300 bytes: hash envelope, claims, x5t, kid, and two unprotected parameters.
fn statement(signer: &dyn Signer, algorithm: &str) -> Vec<u8> {
    // claims: iss, sub, iat, cnf with a key
    let claims = format!(
        "a4 01 75{} 02 6161 06 1a6553f100 08 a101a10102",
        hex::encode("https://maker.example")
    );
    let x5t = format!("82 2f 5820{}", "5a".repeat(32));
    let content_type = hex::encode("application/octet-stream");
    let location = hex::encode("https://maker.example/artifacts/1");
    let protected = h(&format!(
        "a7 01{algorithm} 044131 0f {claims} 1822 {x5t} 190102 2f 190103 7818{content_type} 190104 7821{location}"
    ));
    let payload = [0x42; 32];
    let signature = signature(signer, &protected, b"", &payload);
    let bare = sign1(&protected, &[0xa0], Some(&payload), &signature).len() + 1;
    // A private parameter fills up to 300 bytes.
    let filler = bstr(&vec![0; 300 - bare - 7]);
    let unprotected = [&h("a2 3903e7")[..], &filler, &h("20 f6")].concat();
    let mut message = vec![0xd2];
    message.extend(sign1(&protected, &unprotected, Some(&payload), &signature));
    message
}

#[test]
fn the_view_of_a_message_of_300_bytes() {
    let message = statement(&issuer(), "26");
    assert_eq!(message.len(), 300);
    for profile in [
        Profile::LENIENT,
        Profile::LENIENT.with_limits(cose_ext::Limits::DEFAULT.with_header_entries(8)),
    ] {
        let hashed = without_heap(|| {
            let message = Sign1::decode_tagged(black_box(&message), &profile).unwrap();
            let headers = message.headers();
            let protected = headers.protected();
            assert_eq!(message.algorithm(), Ok(Algorithm::ES256));
            assert_eq!(protected.key_id(), Ok(Some(&b"1"[..])));
            assert_eq!(protected.crit().map(|crit| crit.is_none()), Ok(true));
            let claims = protected.cwt_claims().unwrap().unwrap();
            assert_eq!(claims.issuer(), Ok(Some("https://maker.example")));
            assert!(claims.issued_at().unwrap().is_some());
            assert!(protected.x5t().unwrap().unwrap().identifying_algorithm().is_ok());
            assert!(headers.hash_envelope().unwrap().is_some());
            assert_eq!(headers.unprotected().iter().count(), 2);
            assert_eq!(protected.iter().count(), 7);
            let structure = message.to_be_signed(&Input::embedded(), &Profile::LENIENT).unwrap();
            structure.parts().iter().map(|part| part.len()).sum::<usize>()
        });
        assert!(hashed > 200);
    }
}

#[test]
fn a_refusal() {
    let message = statement(&issuer(), "26");
    without_heap(|| {
        for len in 0..message.len() {
            assert!(Sign1::decode(black_box(&message[..len]), &Profile::LENIENT).is_err());
        }
    });
    for broken in [
        "d28440a0",
        "84 40 a2 0100 0100 40 40",
        "84 40 a1 0126 40 40",
        "84 43a10126 a1 180126 40 40",
    ] {
        let broken = h(broken);
        let error =
            without_heap(|| Sign1::decode(black_box(&broken), &Profile::LENIENT).unwrap_err());
        assert!(!error.to_string().is_empty());
    }
    let unknown = trusted_stranger();
    without_heap(|| assert!(verify(&message, &unknown).is_err()));
}

fn verify(message: &[u8], keys: &dyn KeyResolver) -> Result<Identity, cose_ext::Error> {
    let message = Sign1::decode(black_box(message), &Profile::LENIENT)?;
    let verified = message.verify(&Input::embedded(), keys, &Context::new(&RustCrypto))?;
    black_box(verified.value().payload());
    Ok(verified.by().identity())
}

#[test]
fn verification_under_a_trust_store() {
    for (signer, algorithm, trusted) in [
        (&issuer() as &dyn Signer, "26", trusted_issuer()),
        (&edwards() as &dyn Signer, "27", trusted_edwards()),
    ] {
        let message = statement(signer, algorithm);
        without_heap(|| {
            // The store itself, thumbprints included, is made without heap too.
            let keys = [
                trusted_stranger().with_key_id(b"1"),
                trusted_issuer().with_key_id(b"1"),
                trusted_edwards().with_key_id(b"1").for_issuer("https://maker.example"),
            ];
            assert_eq!(verify(&message, &TrustStore::new(&keys)), Ok(trusted.identity()));
        });
    }
}

#[test]
fn verification_under_a_key_set() {
    let ec2 = |key: &testkit::fixed_keys::EcKey<32>| {
        format!(
            "a5 01 02 02 4131 20 01 21 5820{} 22 5820{}",
            hex::encode(key.x),
            hex::encode(key.y)
        )
    };
    let okp = format!("a4 01 01 02 4131 20 06 21 5820{}", hex::encode(EDWARDS.public));
    let set = h(&format!("85 {} {okp} a1 01 04 f6 {}", ec2(&STRANGER), ec2(&ISSUER)));
    for (signer, algorithm, trusted) in [
        (&issuer() as &dyn Signer, "26", trusted_issuer()),
        (&edwards() as &dyn Signer, "27", trusted_edwards()),
    ] {
        let message = statement(signer, algorithm);
        without_heap(|| {
            let set = KeySet::decode(black_box(&set), &Profile::LENIENT).unwrap();
            assert_eq!(verify(&message, &set.trusted()), Ok(trusted.identity()));
        });
    }
}

#[test]
fn thumbprints_and_keys() {
    let key = h(&format!(
        "a4 01 02 20 01 21 5820{} 22 5820{}",
        hex::encode(ISSUER.x),
        hex::encode(ISSUER.y)
    ));
    without_heap(|| {
        let key =
            CoseKey::decode(black_box(&key), &Profile::LENIENT).unwrap().public_key().unwrap();
        assert_eq!(
            Identity::from(Thumbprint::new(&key, &Sha256).unwrap()),
            trusted_issuer().identity()
        );
    });
}

/// Counts what it hashes.
#[derive(Default)]
struct CountedSha256 {
    hashed: AtomicUsize,
}

impl HashFunction for CountedSha256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::SHA256
    }

    fn hash(&self, message: &[&[u8]]) -> HashValue {
        self.hashed.fetch_add(message.iter().map(|part| part.len()).sum(), Relaxed);
        Sha256.hash(message)
    }

    fn hash_stream(&self, feed: &mut Feed<'_>) -> Result<HashValue, Interrupted> {
        Sha256.hash_stream(&mut |sink| {
            feed(&mut |piece| {
                self.hashed.fetch_add(piece.len(), Relaxed);
                sink(piece);
            })
        })
    }
}

/// Stands for a key with a hash engine of its own, as a device has one.
struct WithEngine {
    key: P256VerifyingKey,
    engine: CountedSha256,
}

impl SignatureVerifier for WithEngine {
    fn profile(&self) -> KeyProfile {
        self.key.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        self.key.with_public_key(then);
    }

    fn verify(
        &self,
        algorithm: Algorithm,
        message: &[&[u8]],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        self.key.verify_prehash(algorithm, self.engine.hash(message).as_ref(), signature)
    }

    fn verify_stream(
        &self,
        algorithm: Algorithm,
        feed: &mut Feed<'_>,
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        self.key.verify_prehash(algorithm, self.engine.hash_stream(feed)?.as_ref(), signature)
    }
}

#[test]
fn a_detached_payload_of_a_mebibyte_is_hashed_once() {
    let payload: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
    let protected = h("a10126");
    let to_be_signed = messages::sig_structure(&protected, b"context", &payload).len();
    let message =
        sign1(&protected, &[0xa0], None, &signature(&issuer(), &protected, b"context", &payload));
    let key = P256VerifyingKey::from_public_key(&p256_key(&ISSUER)).unwrap();
    let verifier = WithEngine { key, engine: CountedSha256::default() };
    let trusted = TrustedKey::parsed(&verifier, Identity::new([1; 32]));
    let input = Input::detached(&payload).with_external_aad(b"context");
    let context = Context::new(&RustCrypto);
    without_heap(|| {
        let message = Sign1::decode(&message, &Profile::LENIENT).unwrap();
        let verified = message.verify(&input, &trusted, &context).unwrap();
        assert!(
            std::ptr::eq(verified.value().payload(), payload.as_slice()),
            "borrowed, not copied"
        );
    });
    assert_eq!(verifier.engine.hashed.swap(0, Relaxed), to_be_signed);
    without_heap(|| {
        let message = Sign1::decode(&message, &Profile::LENIENT).unwrap();
        let mut feed = |sink: &mut dyn FnMut(&[u8])| {
            payload.chunks(4096).for_each(sink);
            Ok(())
        };
        let mut stream = Stream::new(1 << 20, &mut feed);
        let supplied = Supplied { external_aad: b"context", ..Supplied::NOTHING };
        assert!(message.verify_stream(&mut stream, &supplied, &trusted, &context).is_ok());
    });
    assert_eq!(verifier.engine.hashed.load(Relaxed), to_be_signed);
}

#[test]
fn a_large_payload_under_every_key_of_the_provider() {
    let payload = vec![7; 1 << 20];
    for (signer, algorithm, trusted) in [
        (&issuer() as &dyn Signer, "26", trusted_issuer()),
        (&edwards() as &dyn Signer, "27", trusted_edwards()),
    ] {
        let protected = h(&format!("a101{algorithm}"));
        let message =
            sign1(&protected, &[0xa0], None, &signature(signer, &protected, b"", &payload));
        without_heap(|| {
            let message = Sign1::decode(&message, &Profile::LENIENT).unwrap();
            let verified =
                message.verify(&Input::detached(&payload), &trusted, &Context::new(&RustCrypto));
            assert!(verified.is_ok());
        });
    }
}

#[test]
fn a_signature_is_made_without_heap() {
    let (issuer, edwards) = (issuer(), edwards());
    without_heap(|| {
        let mut signature = [0; 64];
        assert_eq!(issuer.sign(&[b"x"], &mut signature), Ok(64));
        assert_eq!(edwards.sign(&[b"x"], &mut signature), Ok(64));
    });
}

/// The whole key with its matrix stands on the stack, and the message is hashed where it lies.
#[cfg(feature = "ml-dsa")]
#[test]
fn ml_dsa_signs_and_verifies_without_heap() {
    use cose_ext::crypto::Key;
    use cose_ext::rustcrypto::{MlDsa44SigningKey, MlDsa87SigningKey};
    let payload = vec![7; 1 << 20];
    let message: &[&[u8]] = &[b"head", &payload];
    without_heap(|| {
        let signer = MlDsa44SigningKey::from_bytes(&[7; 32]).unwrap();
        let mut signature = [0; 2420];
        assert_eq!(signer.sign(message, &mut signature), Ok(2420));
        let public = signer.public_key();
        let key = Key::new(public.as_public_key(), &RustCrypto);
        assert_eq!(key.verify(Algorithm::ML_DSA_44, message, &signature), Ok(()));
        let mut feed = |sink: &mut dyn FnMut(&[u8])| {
            message.iter().for_each(|part| sink(part));
            Ok(())
        };
        assert_eq!(key.verify_stream(Algorithm::ML_DSA_44, &mut feed, &signature), Ok(()));
    });
    without_heap(|| {
        let signer = MlDsa87SigningKey::from_bytes(&[7; 32]).unwrap();
        let mut signature = [0; 4627];
        assert_eq!(signer.sign(message, &mut signature), Ok(4627));
        let key = signer.verifying_key();
        assert_eq!(key.verify(Algorithm::ML_DSA_87, message, &signature), Ok(()));
    });
}

#[test]
fn a_countersignature_is_made_and_checked_without_heap() {
    let message = signed("a10126", "a0", &[7; 4096]);
    let (signer, keys, context) = (edwards(), trusted_edwards(), Context::new(&RustCrypto));
    let mut value = [0; 64];
    without_heap(|| {
        let message = Sign1::decode(&message, &Profile::LENIENT).unwrap();
        let input = Input::embedded();
        let structure =
            CountersignStructure::countersignature0(&message, &input, &Profile::LENIENT).unwrap();
        assert_eq!(signer.sign(&structure.parts(), &mut value), Ok(64));
        let one = Countersignature0::new(&value);
        assert!(one.verify(&message, &input, Algorithm::EDDSA, &keys, &context).is_ok());
    });
    let bytes = [&h("83 43a10127 a0")[..], &bstr(&[0; 64])].concat();
    let mut value = [0; 64];
    without_heap(|| {
        let message = Sign1::decode(&message, &Profile::LENIENT).unwrap();
        let input = Input::embedded();
        let one = Countersignature::decode(&bytes, &Profile::LENIENT).unwrap();
        let structure = one.to_be_signed(&message, &input, &Profile::LENIENT).unwrap();
        assert_eq!(signer.sign(&structure.parts(), &mut value), Ok(64));
    });
    let bytes = [&h("83 43a10127 a0")[..], &bstr(&value)].concat();
    let countersigned = [&h("84 43a10126 a1 0b 81")[..], &bytes, &message[6..]].concat();
    without_heap(|| {
        let message = Sign1::decode(&countersigned, &Profile::LENIENT).unwrap();
        let all = message.headers().countersignatures(&Profile::LENIENT).unwrap().unwrap();
        for one in all.iter() {
            let verified = one.verify(&message, &Input::embedded(), &keys, &context).unwrap();
            assert_eq!(verified.value().content().len(), 4096);
        }
        assert_eq!(all.len(), 1);
    });
}

#[test]
fn unknown_parameters_cost_nothing() {
    let message =
        signed("a3 0126 3903e7 83010203 63666f6f a1 01 a1 01 02", "a1 19ffff 9f01020304ff", b"x");
    without_heap(|| {
        let message = Sign1::decode(&message, &Profile::LENIENT).unwrap();
        assert_eq!(
            message.headers().protected().find(Label::int(-1000)).unwrap().bytes(),
            [0x83, 1, 2, 3]
        );
    });
}

#[cfg(feature = "x509")]
#[test]
fn a_path_to_a_trust_anchor() {
    use certificates::{Template, authority};
    use cose_ext::cwt::Time;
    use cose_ext::x509::{CertificationPaths, TrustAnchor, WebPki};

    let root = Template::new("root", "root", &STRANGER).sign(&STRANGER);
    let middle = Template::new("root", "middle", &testkit::fixed_keys::P256_COUNTING);
    let middle = middle.with(authority(None)).sign(&STRANGER);
    let leaf = Template::new("middle", "leaf", &ISSUER);
    let leaf = leaf.sign(&testkit::fixed_keys::P256_COUNTING);
    let chain = [&h("a2 0126 1821 82")[..], &bstr(&leaf), &bstr(&middle)].concat();
    let message = sign1(&chain, &[0xa0], Some(b"x"), &signature(&issuer(), &chain, b"", b"x"));
    for time in [Some(Time::Seconds(1_780_272_000)), None] {
        let identity = without_heap(|| {
            let anchors = [TrustAnchor::new(&root).unwrap()];
            let validator = WebPki::new();
            let paths = CertificationPaths::new(&validator, &anchors, time);
            let message = Sign1::decode(black_box(&message), &Profile::LENIENT).unwrap();
            let context = Context::new(&RustCrypto);
            message.verify(&Input::embedded(), &paths, &context).unwrap().by().identity()
        });
        assert_eq!(identity, trusted_issuer().identity());
    }
}

#[test]
fn secret_keys_come_out_and_are_found_in_a_set() {
    use cose_ext::crypto::{Curve, PrivateKey, PrivateKeyMaterial, SymmetricKey};
    use cose_ext::key::{SecretKeyEncoder, SecretKeySetEncoder};
    let material = PrivateKeyMaterial::Okp { curve: Curve::ED25519, d: &[7; 32] };
    let private = PrivateKey { material, public: None, algorithm: None };
    let symmetric = SymmetricKey { k: &[7; 32], algorithm: None };
    let mut out = [0; 200];
    let held = without_heap(|| {
        let keys = [
            SecretKeyEncoder::symmetric(symmetric).with_key_id(b"1"),
            SecretKeyEncoder::private(private).unwrap().with_key_id(b"2"),
        ];
        let bytes = SecretKeySetEncoder::new(&keys).unwrap().encode(&mut out).unwrap();
        let set = KeySet::decode(bytes, &Profile::LENIENT).unwrap();
        let secrets = set.iter().flatten().filter(|key| key.secret_key(&RustCrypto).is_ok());
        let ids = [b"1", b"2"].map(|id| Identity::of_key_id(id, &RustCrypto).unwrap());
        assert_ne!(ids[0], ids[1]);
        secrets.count()
    });
    assert_eq!(held, 2);
    #[cfg(feature = "pkcs8")]
    without_heap(|| {
        use cose_ext::key::pkcs8::{Pkcs8Encoder, decode};
        let bytes = Pkcs8Encoder::new(private).unwrap().encode(&mut out).unwrap();
        assert_eq!(decode(bytes).unwrap().profile(), private.profile());
    });
}
