//! Public keys in stores, which answer to messages that name them and to others.

use cose_ext::crypto::{
    Algorithm, HashFunction, InvalidKey, KeyProfile, Provider, PublicKey, SignatureVerifier,
    VerifyError,
};
use cose_ext::key::{
    AnyOf, CoseKey, HashedVerifier, Identity, IssuerKeys, Jwk, JwkSet, KeyResolver, KeySet,
    OwnedPublicKey, OwnedTrustStore, OwnedTrustedKey, ThumbprintUri, TrustStore, TrustedKey,
};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Bare, Content, Context, Input, Label, Profile, Sign1};
use fuzz::Accept;

const ISSUER: &str = "https://issuer.example";

/// The key as one that is trusted.
pub fn public(key: &PublicKey<'_>) {
    let context = Context::new(&Accept::ALL);
    let owned = OwnedPublicKey::from(key);
    assert!(owned.as_public_key() == *key && PublicKey::from(&owned) == *key);
    assert!(!format!("{owned:?}{key:?}{}", key.profile()).is_empty());
    let Ok(trusted) = OwnedTrustedKey::new(*key, &context) else { return };
    let name = ThumbprintUri(cose_ext::key::Thumbprint::from_bytes(
        *trusted.as_trusted_key().identity().as_bytes(),
    ));
    assert_eq!(name.to_string().parse::<ThumbprintUri>().ok(), Some(name));
    answers(trusted.as_trusted_key());
    let parsed = Accept::ALL.with_verifier(key, &mut |verifier| {
        answers(TrustedKey::parsed(verifier, trusted.as_trusted_key().identity()));
        answers(TrustedKey::hashed(verifier, name.0));
        let hashed = HashedVerifier::new(verifier, name.0);
        assert!(hashed.thumbprint() == name.0 && !format!("{hashed:?}").is_empty());
        resolve(&hashed);
    });
    assert!(parsed.is_ok());
    refusing(trusted.as_trusted_key(), key);
    let mut store = OwnedTrustStore::new();
    store.add(trusted.with_key_id(b"one").for_issuer(ISSUER));
    resolve(&store);
    assert_eq!(store.keys().len(), 1);
}

/// Sets as they are read, as far as they are.
pub fn cose_set(set: &KeySet<'_>) {
    let context = Context::new(&Accept::ALL);
    let keys = OwnedTrustedKey::from_key_set(set, &context);
    assert!(keys.len() <= set.iter().count());
    assert!(!format!("{set:?}{set}").is_empty());
    if is_short(set.iter()) {
        resolve(&keys.into_iter().collect::<OwnedTrustStore>());
        resolve(&set.trusted());
    }
}

pub fn jwk_set(set: &JwkSet<'_>) {
    let keys = OwnedTrustedKey::from_jwk_set(set, &Context::new(&Accept::ALL));
    assert!(keys.len() <= set.iter().count());
    let mut store = OwnedTrustStore::new();
    store.extend(keys);
    if is_short(set.iter()) {
        resolve(&store);
    }
}

/// Whoever asks a set asks all of its keys, and it is asked often here.
fn is_short<T>(keys: impl Iterator<Item = T>) -> bool {
    keys.take(65).count() < 65
}

pub fn cose_key(key: &CoseKey<'_>) {
    if let Ok(key) = OwnedTrustedKey::from_cose_key(key, &Context::new(&Accept::ALL)) {
        assert!(!format!("{key:?}").is_empty());
        answers(key.as_trusted_key());
    }
}

pub fn jwk(key: &Jwk) {
    if let Ok(key) = OwnedTrustedKey::from_jwk(key, &Context::new(&Accept::ALL)) {
        answers(key.with_identity(Identity::new([8; 32])).as_trusted_key());
    }
}

/// A key that stands alone answers to what names nobody, under its own name.
fn answers(key: TrustedKey<'_>) {
    let algorithm = key_algorithm(&key);
    let alone = [key];
    let named =
        [key.with_key_id(b"one").for_issuer(ISSUER), key.with_identity(Identity::new([9; 32]))];
    assert!(!format!("{key:?}").is_empty());
    let (alone, named) = (TrustStore::new(&alone), TrustStore::new(&named));
    for keys in [alone, named] {
        resolve(&keys);
        let bare = Bare::new(algorithm, &[7; 64]).with_key_id(b"one").with_claimed_issuer(ISSUER);
        let verified = bare.verify_signature(&[b"a part"], &keys, &Context::new(&Accept::ALL));
        if let Ok(verified) = verified {
            assert!(keys.keys().iter().any(|one| one.identity() == verified.by().identity()));
            let by = verified.by();
            let _ = (by.thumbprint(), by.origin(), by.message(), by.signature(), by.notes());
        }
    }
}

/// A provider that cannot use a key, for a reason.
struct Useless(InvalidKey);

impl Provider for Useless {
    fn with_verifier(
        &self,
        _: &PublicKey<'_>,
        _: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        Err(self.0)
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        Accept::ALL.hash_function(algorithm)
    }
}

/// A key that was parsed and says no, for a reason.
struct Refuses<'k>(PublicKey<'k>, VerifyError);

impl SignatureVerifier for Refuses<'_> {
    fn profile(&self) -> KeyProfile {
        self.0.profile()
    }

    fn with_public_key(&self, then: &mut dyn FnMut(&PublicKey<'_>)) {
        then(&self.0);
    }

    fn verify(&self, _: Algorithm, _: &[&[u8]], _: &[u8]) -> Result<(), VerifyError> {
        Err(self.1)
    }
}

/// A key that cannot be used, or says no, verifies nothing, whatever the message names; nor do more keys than are tried.
fn refusing(trusted: TrustedKey<'_>, key: &PublicKey<'_>) {
    let message = Sign1Builder::new().key_id(b"one").untagged();
    let made = message.prepare(Algorithm::ES256, Content::Embedded(b"payload"));
    let made = made.expect("headers of ours").attach(&[7; 64]);
    let message = Sign1::decode(&made, &Profile::LENIENT).expect("made here");
    let refuses = |trusted: TrustedKey<'_>, context: &Context<'_>| {
        for keys in [[trusted], [trusted.with_key_id(b"one")]] {
            let verified = message.verify(&Input::embedded(), &TrustStore::new(&keys), context);
            let error = verified.expect_err("it says no");
            assert!(!error.to_string().is_empty());
        }
    };
    for error in [InvalidKey::Malformed, InvalidKey::Unsupported] {
        let useless = Useless(error);
        refuses(trusted, &Context::new(&useless));
    }
    let context = Context::new(&Accept::ALL);
    let errors = [
        VerifyError::InvalidSignature,
        VerifyError::InvalidKey,
        VerifyError::Interrupted,
        VerifyError::Unsupported,
    ];
    for error in errors {
        refuses(TrustedKey::parsed(&Refuses(*key, error), trusted.identity()), &context);
    }
    let mut few = context;
    few.profile.limits.candidates = 0;
    refuses(trusted, &few);
    let implied = Bare::new(Algorithm::ES256, &[7; 64]).with_key_id(b"one");
    let alone = [trusted];
    let _ = implied.verify_signature(&[b"a part"], &TrustStore::new(&alone), &few).is_err();
}

fn key_algorithm(key: &TrustedKey<'_>) -> Algorithm {
    let _ = (key.issuer(), key.key_id());
    Algorithm::ES256
}

/// Asks for the keys of a message that names one, of one that names another, and of one that names nobody.
fn resolve(keys: &dyn KeyResolver) {
    let context = Context::new(&Accept::ALL);
    let of_issuer = IssuerKeys::new(ISSUER, keys);
    let any = [keys, &of_issuer as &dyn KeyResolver];
    let any = AnyOf(&any);
    assert!(!format!("{of_issuer:?}{any:?}").is_empty());
    for key_id in [&b"one"[..], b"", b"another"] {
        for algorithm in [Algorithm::ES256, Algorithm::EDDSA, Algorithm::PS256] {
            let builder = Sign1Builder::new();
            let builder = if key_id.is_empty() { builder } else { builder.key_id(key_id) };
            let builder = builder.unprotected(Label::X5U, "https://keys.example");
            let Ok(made) = builder.prepare(algorithm, Content::Embedded(b"payload")) else {
                continue;
            };
            let made = made.attach(&[7; 64]);
            let message = Sign1::decode(&made, &Profile::LENIENT).expect("made here");
            let input = Input::embedded().claiming_issuer(ISSUER);
            let alone = message.verify(&input, keys, &context).is_ok();
            let together = message.verify(&input, &any, &context).is_ok();
            assert!(together || !alone, "of several, one is enough");
            let _ = message.verify(&input, &of_issuer, &context).is_ok();
            assert!(message.verify(&input, &AnyOf(&[]), &context).is_err(), "nobody is trusted");
        }
    }
}
