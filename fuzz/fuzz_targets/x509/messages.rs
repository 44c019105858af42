//! Messages with certificates and timestamps in their headers, signed by anybody.

use cose_ext::crypto::Algorithm;
use cose_ext::key::{Identity, KeyResolver, OwnedTrustedKey};
use cose_ext::sign1::Sign1Builder;
use cose_ext::timestamp::{TimestampAuthority, TimestampToken};
use cose_ext::x509::{
    CertificateStore, CertificationPaths, TrustAnchor, TrustedCertificate, WebPki,
};
use cose_ext::{Content, Context, Error, Input, Label, Profile, Sign1, Value};
use fuzz::Accept;

/// Where some put a chain.
const OTHER_LABEL: Label<'static> = Label::int(-65_600);

/// Messages by the first of these certificates, in each form that names it.
pub fn signed_under(parts: &[&[u8]]) {
    let Some(first) = parts.first() else { return };
    let context = Context::new(&Accept::ALL);
    let hash = |algorithm, len: usize| {
        let digest = context.hash(algorithm, &[first]).expect("it is there");
        digest.as_ref()[..len].to_vec()
    };
    let (sha256, sha512) = (hash(Algorithm::SHA256, 32), hash(Algorithm::SHA512, 64));
    let all: Vec<Value<'_>> = parts.iter().map(|part| Value::Bytes(part)).collect();
    let one = [Value::Bytes(first)];
    let (chain, bag) = match parts.len() {
        1 => (Value::Bytes(first), Value::Bytes(first)),
        _ => (Value::Array(&all), Value::Array(&all)),
    };
    let thumb = |algorithm: i64, digest| [Value::from(algorithm), Value::Bytes(digest)];
    let by_sha256 = thumb(-16, &sha256);
    let by_sha512 = thumb(-44, &sha512);
    let by_prefix = thumb(-15, &sha256[..8]);
    let by_sha1 = thumb(-14, &sha256[..20]);
    let another = thumb(-16, &sha512[..32]);
    for number in 0..12 {
        let builder = Sign1Builder::new();
        let made = match number {
            0 => builder.protected(Label::X5CHAIN, chain),
            1 => builder.unprotected(Label::X5CHAIN, chain),
            2 => builder.protected(Label::X5BAG, bag).protected(Label::X5T, &by_sha256[..]),
            3 => builder.unprotected(Label::X5BAG, bag).protected(Label::X5T, &by_sha512[..]),
            4 => builder.unprotected(Label::X5CHAIN, chain).protected(Label::X5T, &by_sha256[..]),
            5 => builder.protected(Label::X5CHAIN, chain).unprotected(Label::X5T, &by_prefix[..]),
            6 => builder.protected(Label::X5CHAIN, chain).protected(Label::X5T, &by_sha1[..]),
            7 => builder.protected(Label::X5CHAIN, chain).protected(Label::X5T, &another[..]),
            8 => builder.protected(Label::X5T, &by_sha256[..]),
            9 => builder.protected(Label::X5T, &by_prefix[..]),
            10 => builder.protected(OTHER_LABEL, &one[..]),
            _ => builder.protected(Label::X5CHAIN, &one[..]),
        };
        let Ok(made) = made.prepare(Algorithm::ES256, Content::Embedded(b"payload")) else {
            continue;
        };
        let made = made.attach(&[7; 64]);
        let Ok(message) = Sign1::decode(&made, &Profile::LENIENT) else { continue };
        let verified = look_at(&message, parts);
        assert!(!verified || number != 7, "by a certificate that the header does not name");
    }
}

/// Verifies by certificates that are enrolled, and by paths to the last one; tells whether any did.
pub fn look_at(message: &Sign1<'_>, parts: &[&[u8]]) -> bool {
    let context = Context::new(&Accept::ALL);
    let payload = message.danger_unverified_payload();
    let input = if payload.is_some() { Input::embedded() } else { Input::detached(b"apart") };
    let (protected, unprotected) = (message.headers().protected(), message.headers().unprotected());
    for chain in
        [protected.x5chain(), unprotected.x5chain(), protected.x5bag(), unprotected.x5bag()]
    {
        if let Ok(Some(chain)) = chain {
            assert_eq!(chain.iter().count(), chain.len());
            assert_eq!(chain.iter().next(), Some(chain.first()));
        }
    }
    let _ = (unprotected.x5t_sender(), unprotected.x5u_sender(), unprotected.x5chain_sender());
    let _ = (protected.x5t(), protected.x5u());
    let own: Vec<&[u8]> = match (parts, protected.x5chain(), unprotected.x5chain()) {
        ([], Ok(Some(chain)), _) | ([], _, Ok(Some(chain))) => chain.iter().collect(),
        (parts, ..) => parts.to_vec(),
    };
    let enrolled: Vec<_> = own
        .iter()
        .filter_map(|der| TrustedCertificate::new(der, &context).ok())
        .map(|one| one.for_issuer("https://issuer.example"))
        .collect();
    for der in &own {
        let owned = OwnedTrustedKey::from_certificate(der, &context);
        let known = TrustedCertificate::new(der, &context);
        assert_eq!(
            owned.ok().map(|key| key.as_trusted_key().identity()),
            known.ok().map(|known| known.identity()),
        );
    }
    let store = CertificateStore::new(&enrolled);
    let anchors: Vec<_> =
        own.last().and_then(|der| TrustAnchor::new(der).ok()).into_iter().collect();
    let validator = WebPki::new();
    let paths = CertificationPaths::new(&validator, &anchors, None);
    let (first, others) = own.split_first().map_or((&[][..], &[][..]), |(one, more)| (*one, more));
    let verify = |keys: &dyn KeyResolver| {
        let verified = message.verify(&input, keys, &context);
        if let Err(error) = &verified {
            assert!(!error.to_string().is_empty());
        }
        verified.map(|verified| verified.by().identity())
    };
    let mut any = false;
    for keys in [store, store.under_label(OTHER_LABEL), store.accepting_an_array_of_one()] {
        let verified = verify(&keys);
        assert!(verified.is_err() || enrolled.iter().any(|one| Ok(one.identity()) == verified));
        any |= verified.is_ok();
    }
    assert!(!format!("{store:?}{paths:?}").is_empty());
    let loose = verify(&paths).is_ok();
    let strict = verify(&paths.protected_only()).is_ok();
    assert!(loose || !strict, "what is unprotected was needed");
    let named = verify(&paths.by_subject()).is_ok();
    assert!(strict || !named, "a name that nobody signed");
    any |= loose;
    any |= verify(&paths.under_label(OTHER_LABEL).accepting_an_array_of_one()).is_ok();
    any |= verify(&paths.accepting_an_array_of_one()).is_ok();
    let _ = verify(&paths.with_certificates(first, others).with_limits(cose_ext::Limits::DEFAULT));
    any
}

/// Trusts whatever it is asked.
struct Anybody;

impl TimestampAuthority for Anybody {
    fn verify(&self, _: &TimestampToken<'_>) -> Result<Identity, Error> {
        Ok(Identity::new([9; 32]))
    }
}

/// A message with this token, which stamps `covered`, in both places.
pub fn with_timestamp(token: &[u8], covered: &[u8], is_good: bool) {
    let context = Context::new(&Accept::ALL);
    let builder = Sign1Builder::new()
        .protected(Label::TIMESTAMP_THEN_COSE, token)
        .unprotected(Label::COSE_THEN_TIMESTAMP, token);
    let Ok(made) = builder.prepare(Algorithm::ES256, Content::Embedded(covered)) else { return };
    let made = made.attach(&[7; 64]);
    let message = Sign1::decode(&made, &Profile::LENIENT).expect("made here");
    let input = Input::embedded();
    let before = message.headers().protected().timestamp_then_cose().expect("it is there");
    let before = before.expect("it is there");
    assert_eq!(before.token(), token);
    assert_eq!(before.covered(&message, &input), Ok(covered));
    assert_eq!(before.verify(&message, &input, &Anybody, &context).is_ok(), is_good);
    let after = message.headers().cose_then_timestamp().expect("it is there").expect("it is there");
    assert!(after.verify(&message, &input, &Anybody, &context).is_err(), "it stamps the payload");
    assert_eq!(after.verify_over(&[covered], &Anybody, &context).is_ok(), is_good);
}
