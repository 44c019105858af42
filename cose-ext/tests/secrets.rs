//! Keys for MACs, encryption, key wrap and key agreement: what the pure Rust provider makes of the published examples,
//! and that it takes nothing from the heap.
//!
//! The messages are taken apart by another library, so that only the cryptography is ours.

use std::path::Path;

use cose_ext::crypto::{
    Algorithm, Curve, Hkdf, InvalidKey, KeyAgreement, KeyDerivation, KeyMaterial, Operation,
    PrivateKey, PrivateKeyMaterial, PublicKey, Secret, SecretKey, SecretProvider, Sender,
    SymmetricKey, YCoordinate,
};
use cose_ext::rustcrypto::RustCrypto;
use coset::{CoseRecipient, Header, Label, TaggedCborSerializable, cbor::Value};
use testkit::alloc_count::{Allocations, Counting, allocations_during};
use testkit::cose_wg::Example;
use testkit::jwk::Jwk;

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

const fn secret(k: &[u8]) -> SecretKey<'_> {
    SecretKey::symmetric(SymmetricKey { k, algorithm: None }, &RustCrypto)
}

/// The examples of a folder, by file name.
fn examples(folder: &str) -> Vec<(String, Example)> {
    // A relative path counts from the workspace's root, as for the suites of vectors.
    let named = std::env::var_os("CONFORMANCE_VECTORS").filter(|path| !path.is_empty());
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(named.as_deref().unwrap_or("../shared/vectors".as_ref()));
    let Ok(files) = std::fs::read_dir(vectors.join("cose/cose-wg").join(folder)) else {
        assert!(named.is_none(), "there is no folder {folder} of published examples");
        eprintln!("not run: there is no folder {folder} of published examples");
        return Vec::new();
    };
    let mut examples = Vec::new();
    for file in files {
        let path = file.unwrap().path();
        let example = Example::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        examples.push((path.display().to_string(), example));
    }
    examples
}

fn hex_at(example: &Example, pointer: &str) -> Option<Vec<u8>> {
    Some(hex::decode(example.json.pointer(pointer)?.as_str()?).unwrap())
}

fn bytes(header: &Header, label: i64) -> Option<&[u8]> {
    let found = header.rest.iter().find(|(name, _)| *name == Label::Int(label));
    found.and_then(|(_, value)| value.as_bytes()).map(Vec::as_slice)
}

/// The identifier as a number; from the registry's name where coset knows it.
fn algorithm(header: &Header) -> Option<Algorithm> {
    use coset::iana::EnumI64;
    match header.alg.as_ref()? {
        coset::RegisteredLabelWithPrivate::Assigned(alg) => Some(Algorithm::new(alg.to_i64())),
        coset::RegisteredLabelWithPrivate::PrivateUse(alg) => Some(Algorithm::new(*alg)),
        coset::RegisteredLabelWithPrivate::Text(_) => None,
    }
}

/// The parts of a message that its key takes part in.
struct Parts {
    protected: Header,
    iv: Vec<u8>,
    content: Vec<u8>,
    tag: Vec<u8>,
    recipient: Option<CoseRecipient>,
}

fn parts(example: &Example) -> Parts {
    let message = example.message.as_slice();
    let parts =
        |protected: coset::ProtectedHeader, unprotected: Header, content: Option<Vec<u8>>| Parts {
            protected: protected.header,
            iv: unprotected.iv,
            content: content.unwrap(),
            tag: Vec::new(),
            recipient: None,
        };
    match example.layer.as_str() {
        "enveloped" => {
            let message = coset::CoseEncrypt::from_tagged_slice(message).unwrap();
            let recipient = message.recipients.into_iter().next();
            Parts { recipient, ..parts(message.protected, message.unprotected, message.ciphertext) }
        }
        "encrypted" => {
            let message = coset::CoseEncrypt0::from_tagged_slice(message).unwrap();
            parts(message.protected, message.unprotected, message.ciphertext)
        }
        "mac" => {
            let message = coset::CoseMac::from_tagged_slice(message).unwrap();
            let recipient = message.recipients.into_iter().next();
            let tag = message.tag;
            Parts {
                recipient,
                tag,
                ..parts(message.protected, message.unprotected, message.payload)
            }
        }
        "mac0" => {
            let message = coset::CoseMac0::from_tagged_slice(message).unwrap();
            let tag = message.tag;
            Parts { tag, ..parts(message.protected, message.unprotected, message.payload) }
        }
        layer => panic!("{layer} has no secret key"),
    }
}

fn curve(jwk: &Jwk) -> Curve {
    match jwk.crv.as_deref() {
        Some("P-256") => Curve::P256,
        Some("P-384") => Curve::P384,
        Some("P-521") => Curve::P521,
        Some("X25519") => Curve::X25519,
        other => panic!("{other:?}"),
    }
}

/// Coordinates as long as a field element: some files leave zeros out.
fn coordinates(jwk: &Jwk) -> (Vec<u8>, Vec<u8>) {
    let point = jwk.uncompressed_point().unwrap();
    let (x, y) = point[1..].split_at(point.len() / 2);
    (x.to_vec(), y.to_vec())
}

fn with_private(jwk: &Jwk, then: &mut dyn FnMut(&dyn KeyAgreement)) {
    let curve = curve(jwk);
    if curve == Curve::X25519 {
        let (d, x) = (jwk.d().unwrap(), jwk.x().unwrap());
        let key = PrivateKey {
            material: PrivateKeyMaterial::Okp { curve, d },
            public: Some(KeyMaterial::Okp { curve, x }),
            algorithm: None,
        };
        return SecretKey::private(key, &RustCrypto).with_key_agreement(then).unwrap();
    }
    let (x, y) = coordinates(jwk);
    let mut d = vec![0; x.len() - jwk.d().unwrap().len()];
    d.extend_from_slice(jwk.d().unwrap());
    let key = PrivateKey {
        material: PrivateKeyMaterial::Ec2 { curve, d: &d },
        public: Some(KeyMaterial::Ec2 { curve, x: &x, y: YCoordinate::Value(&y) }),
        algorithm: None,
    };
    SecretKey::private(key, &RustCrypto).with_key_agreement(then).unwrap();
}

/// The sender's key: in the message (labels -1 and -2, RFC 9053 table 18), or known by its name.
fn with_sender(header: &Header, known: Option<&Jwk>, then: &mut dyn FnMut(&PublicKey<'_>)) {
    let mut done = |material| then(&PublicKey { material, algorithm: None });
    let sent = header
        .rest
        .iter()
        .find(|(label, _)| matches!(label, Label::Int(-1 | -2)))
        .map(|(_, value)| value);
    let Some(sent) = sent else {
        return with_private(known.unwrap(), &mut |key| key.with_public_key(then));
    };
    let map = sent.as_map().unwrap();
    let member = |label: i64| {
        map.iter().find(|(name, _)| *name == Value::from(label)).map(|(_, value)| value).unwrap()
    };
    let named = i64::try_from(member(-1).as_integer().unwrap()).unwrap();
    let (curve, x) = (Curve::new(named), member(-2).as_bytes().unwrap());
    if curve == Curve::X25519 {
        return done(KeyMaterial::Okp { curve, x });
    }
    let y = match member(-3) {
        Value::Bool(odd) => YCoordinate::Sign(*odd),
        y => YCoordinate::Value(y.as_bytes().unwrap()),
    };
    done(KeyMaterial::Ec2 { curve, x, y });
}

fn unwrap(k: &[u8], algorithm: Algorithm, wrapped: &[u8]) -> Vec<u8> {
    let mut key = vec![0; wrapped.len() - 8];
    let done = secret(k).with_key_wrap(&mut |kek| {
        let mut again = vec![0; wrapped.len()];
        assert_eq!(kek.unwrap(algorithm, wrapped, &mut key), Ok(key.len()));
        assert_eq!(kek.wrap(algorithm, &key, &mut again), Ok(wrapped.len()));
        assert_eq!(again, wrapped);
    });
    assert_eq!(done, Ok(()));
    key
}

/// What recipient and sender derive.
fn agreed(example: &Example, hkdf: Hkdf, header: &Header, context: &[u8], len: usize) -> Vec<u8> {
    let salt = bytes(header, -20).unwrap_or_default();
    let (front, back) = context.split_at(context.len() / 2);
    let derivation = KeyDerivation { hkdf, salt, context: &[front, back] };
    let body = example.json["input"]["enveloped"]["recipients"][0].clone();
    let sender = body.get("sender_key").map(|jwk| Jwk::from_json(jwk).unwrap());
    let recipient = &example.recipients[0];
    let mut key = vec![0; len];
    with_sender(header, sender.as_ref(), &mut |peer| {
        with_private(recipient, &mut |own| {
            assert_eq!(without_heap(|| own.derive(peer, &derivation, &mut key)), Ok(()));
        });
    });
    if let Some(sender) = sender.filter(|sender| sender.part("d").is_some()) {
        let mut again = vec![0; len];
        with_private(&sender, &mut |own| {
            with_private(recipient, &mut |recipient| {
                recipient.with_public_key(&mut |peer| {
                    assert_eq!(own.derive(peer, &derivation, &mut again), Ok(()));
                });
            });
        });
        assert_eq!(again, key);
    }
    // The secret that the file states gives the same.
    let stated = hex_at(example, "/intermediates/recipients/0/Secret_hex").unwrap();
    let mut again = vec![0; len];
    let done = secret(&stated)
        .with_shared_secret(&mut |secret| secret.derive(&derivation, &mut again).unwrap());
    assert_eq!((done, &again), (Ok(()), &key));
    key
}

/// The content key that the recipient's key leads to.
fn content_key(example: &Example, parts: &Parts, content: Algorithm) -> Vec<u8> {
    let k = || example.recipients[0].k().unwrap();
    let Some(recipient) = &parts.recipient else {
        return k().to_vec();
    };
    let (protected, header) = (&recipient.protected.header, &recipient.unprotected);
    let algorithm = algorithm(protected).or_else(|| algorithm(header)).unwrap();
    let wrapped = recipient.ciphertext.as_deref().unwrap_or_default();
    let context = || hex_at(example, "/intermediates/recipients/0/Context_hex").unwrap();
    let content_len = content.key_len().unwrap();
    match algorithm.operation().unwrap() {
        Operation::Direct => k().to_vec(),
        Operation::DirectWithKdf(hkdf) => {
            let salt = bytes(header, -20).unwrap_or_default();
            let derivation = KeyDerivation { hkdf, salt, context: &[&context()] };
            let mut key = vec![0; content_len];
            let done = secret(k()).with_shared_secret(&mut |secret| {
                assert_eq!(without_heap(|| secret.derive(&derivation, &mut key)), Ok(()));
            });
            assert_eq!(done, Ok(()));
            key
        }
        Operation::KeyWrap => unwrap(k(), algorithm, wrapped),
        Operation::KeyAgreement(hkdf, _) => agreed(example, hkdf, header, &context(), content_len),
        Operation::KeyAgreementWithKeyWrap(wrap, Sender::Ephemeral | Sender::Static) => {
            let len = wrap.key_len().unwrap();
            let kek = agreed(example, Hkdf::Sha256, header, &context(), len);
            assert_eq!(Some(&kek), hex_at(example, "/intermediates/recipients/0/KEK_hex").as_ref());
            unwrap(&kek, wrap, wrapped)
        }
        other => panic!("{other:?} is no recipient's"),
    }
}

/// Derives the content key, and opens the message with it.
fn check(name: &str, example: &Example) {
    let parts = parts(example);
    let algorithm = algorithm(&parts.protected).unwrap();
    let key = content_key(example, &parts, algorithm);
    assert_eq!(Some(&key), hex_at(example, "/intermediates/CEK_hex").as_ref(), "{name}");
    let mut structure = example.to_be_authenticated.clone().unwrap();
    if structure.starts_with(b"\x83\x68Encrypt1") {
        // One file states the context string of an old draft; its message was made with the present one.
        structure[9] = b'0';
    }
    // A partial IV is completed by what the file says was not sent.
    let unsent = hex_at(example, &format!("/input/{}/unsent/IV_hex", example.layer));
    let iv = unsent.as_ref().filter(|_| parts.iv.is_empty()).unwrap_or(&parts.iv);
    let (front, back) = structure.split_at(structure.len() / 2);
    let structure = [front, back];
    let content = &parts.content;
    if algorithm.operation() == Some(Operation::Mac) {
        let done = secret(&key).with_mac(&mut |mac| {
            let checked = without_heap(|| mac.verify(algorithm, &structure, &parts.tag));
            assert_eq!(checked.is_ok(), !example.fail, "{name}");
            let tag = without_heap(|| mac.tag(algorithm, &structure)).unwrap();
            assert_eq!(tag.as_ref() == parts.tag, !example.fail, "{name}");
        });
        return assert_eq!(done, Ok(()));
    }
    let done = secret(&key).with_aead(&mut |aead| {
        let mut plaintext = vec![0; content.len()];
        let read =
            without_heap(|| aead.decrypt(algorithm, iv, &structure, content, &mut plaintext));
        assert_eq!(read.is_ok(), !example.fail, "{name}");
        let Ok(len) = read else { return };
        assert_eq!(Some(&plaintext[..len]), example.payload.as_deref(), "{name}");
        let mut again = vec![0; content.len()];
        let made =
            without_heap(|| aead.encrypt(algorithm, iv, &structure, &plaintext[..len], &mut again));
        assert_eq!((made, &again), (Ok(content.len()), content), "{name}");
    });
    assert_eq!(done, Ok(()));
}

macro_rules! published {
    ($($test:ident: $folder:literal, $count:literal;)*) => {
        $(#[test]
        fn $test() {
            let examples = examples($folder);
            for (name, example) in &examples {
                check(name, example);
            }
            assert!(examples.is_empty() || examples.len() >= $count, "{}", examples.len());
        })*
    };
}

published! {
    aes_ccm: "aes-ccm-examples", 11;
    aes_gcm: "aes-gcm-examples", 6;
    aes_key_wrap: "aes-wrap-examples", 10;
    aes_cbc_mac: "cbc-mac-examples", 6;
    chacha20_poly1305: "chacha-poly-examples", 2;
    ecdh_direct: "ecdh-direct-examples", 16;
    ecdh_key_wrap: "ecdh-wrap-examples", 24;
    hkdf_aes: "hkdf-aes-examples", 19;
    hkdf_hmac: "hkdf-hmac-sha-examples", 19;
    hmac: "hmac-examples", 7;
    x25519: "x25519-tests", 2;
}

#[test]
fn the_remaining_operations_take_nothing_from_the_heap_either() {
    let (key, aad) = ([7; 32], [1; 512]);
    let payload = vec![9; 0x8000];
    let (mut made, mut read) = (vec![0; 0x8100], vec![0; 0x8100]);
    without_heap(|| {
        for value in (-70_000..100).map(Algorithm::new) {
            let Some(operation) = value.operation() else { continue };
            let Some(k) = value.key_len().and_then(|len| key.get(..len)) else { continue };
            let nonce = &aad[..value.nonce_len().unwrap_or_default()];
            let secret = secret(k);
            let done = match operation {
                Operation::Aead => secret.with_aead(&mut |aead| {
                    let parts: [&[u8]; 2] = [&aad, &aad];
                    let len = aead.encrypt(value, nonce, &parts, &payload, &mut made).unwrap();
                    let len = aead.decrypt(value, nonce, &parts, &made[..len], &mut read);
                    assert_eq!(&read[..len.unwrap()], payload);
                }),
                Operation::UnauthenticatedCipher => secret.with_cipher(&mut |cipher| {
                    let len = cipher.encrypt(value, nonce, &payload, &mut made).unwrap();
                    let len = cipher.decrypt_unauthenticated(value, nonce, &made[..len], &mut read);
                    assert_eq!(&read[..len.unwrap()], payload);
                }),
                Operation::Mac => secret.with_mac(&mut |mac| {
                    let tag = mac.tag(value, &[&payload, &aad]).unwrap();
                    assert_eq!(mac.verify(value, &[&payload, &aad], tag.as_ref()), Ok(()));
                }),
                Operation::KeyWrap => secret.with_key_wrap(&mut |kek| {
                    let len = kek.wrap(value, &key, &mut made).unwrap();
                    assert_eq!(kek.unwrap(value, &made[..len], &mut read), Ok(key.len()));
                }),
                _ => Ok(()),
            };
            assert_eq!(done, Ok(()), "{value}");
        }
        for curve in [Curve::P256, Curve::P384, Curve::P521, Curve::X25519] {
            let made =
                RustCrypto.with_ephemeral_key(curve, &mut testkit::rng::seeded(1), &mut |key| {
                    let derivation = KeyDerivation { hkdf: Hkdf::Sha512, salt: b"", context: &[] };
                    key.with_public_key(&mut |peer| {
                        assert_eq!(key.derive(peer, &derivation, &mut [0; 32]), Ok(()));
                    });
                });
            assert_eq!(made, Ok(()));
        }
    });
}

#[test]
fn a_symmetric_key_agrees_on_nothing_and_a_private_one_encrypts_nothing() {
    let symmetric = secret(&[1; 32]);
    let refused = Err(InvalidKey::Unsupported);
    assert_eq!(symmetric.with_key_agreement(&mut |_| panic!()), refused);
    let material = PrivateKeyMaterial::Okp { curve: Curve::X25519, d: &[1; 32] };
    let key = PrivateKey { material, public: None, algorithm: None };
    let private = SecretKey::private(key, &RustCrypto);
    assert_eq!(private.with_aead(&mut |_| panic!()), refused);
    assert_eq!(private.with_mac(&mut |_| panic!()), refused);
    assert_eq!(private.with_cipher(&mut |_| panic!()), refused);
    assert_eq!(private.with_key_wrap(&mut |_| panic!()), refused);
    assert_eq!(private.with_shared_secret(&mut |_| panic!()), refused);
}
