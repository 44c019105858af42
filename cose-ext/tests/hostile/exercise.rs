//! Everything that can be asked of bytes.

use cose_ext::Signed;
use cose_ext::cbor::{Limits, Raw, Strictness};
use cose_ext::countersignature::Target;
use cose_ext::crypto::{Algorithm, Curve, PrivateKey, PrivateKeyMaterial, SecretKey, SymmetricKey};
use cose_ext::cwt::{Claims, Cwt, Time};
use cose_ext::header::{Bucket, Headers, Vdp};
use cose_ext::key::{CoseKey, HeldSecret, Identity, KeySet, SecretStore, TrustStore};
use cose_ext::recipient::{Agreed, KdfContext, Recipients};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign::SignPolicy;
use cose_ext::{
    Context, Countersignature, Encrypt, Encrypt0, Error, Input, IntOrText, Mac, Mac0, OpenInput,
    Profile, Sign, Sign1, Supplied, Trust,
};
use testkit::alloc_count::allocations_during;

use crate::messages::{trusted_edwards, trusted_issuer};

/// Reads `bytes` as everything that the library reads. Nothing may panic or take heap, and every error points into the
/// input.
pub fn exercise(bytes: &[u8]) {
    let ((), allocations) = allocations_during(|| {
        let mut accepted = [false; 2];
        for (accepted, profile) in
            accepted.iter_mut().zip([Profile::LENIENT, Profile::DETERMINISTIC])
        {
            *accepted = message(bytes, &profile);
            alone(bytes, &profile);
            others(bytes, &profile);
            key(bytes, &profile);
            claims(bytes, &profile);
        }
        assert!(
            accepted[0] || !accepted[1],
            "the deterministic profile accepts more than the lenient one"
        );
        let lenient = Raw::decode(bytes, 0, Strictness::LENIENT, &Limits::DEFAULT).is_ok();
        let deterministic =
            Raw::decode(bytes, 0, Strictness::DETERMINISTIC, &Limits::DEFAULT).is_ok();
        assert!(lenient || !deterministic);
    });
    assert_eq!(allocations.count, 0);
}

fn within<T>(bytes: &[u8], result: Result<T, Error>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            assert!(error.offset().is_none_or(|offset| offset <= bytes.len()), "{error:?}");
            None
        }
    }
}

fn message(bytes: &[u8], profile: &Profile) -> bool {
    let Some(message) = within(bytes, Sign1::decode(bytes, profile)) else { return false };
    let headers = message.headers();
    let protected = headers.protected();
    for bucket in [&**protected, headers.unprotected()] {
        read(bytes, bucket);
    }
    within(bytes, headers.hash_envelope());
    for timestamp in [headers.protected().timestamp_then_cose(), headers.cose_then_timestamp()] {
        if let Some(Some(timestamp)) = within(bytes, timestamp) {
            assert_eq!(&bytes[timestamp.offset()..][..timestamp.token().len()], timestamp.token());
            let covered = timestamp.covered(&message, &Input::detached(b"payload"));
            if let Some(covered) =
                within(bytes, covered.or(timestamp.covered(&message, &Input::embedded())))
            {
                assert!(covered.len() <= bytes.len());
            }
            #[cfg(feature = "timestamp")]
            within(
                timestamp.token(),
                cose_ext::timestamp::TimestampToken::decode(timestamp.token()),
            );
        }
    }
    if let Some(Some(vdp)) = within(bytes, headers.vdp()) {
        for kind in [Vdp::INCLUSION, Vdp::CONSISTENCY, IntOrText::int(0)] {
            if let Some(Some(proofs)) = within(bytes, vdp.proofs(kind)) {
                assert_eq!(proofs.iter().count(), proofs.len());
            }
        }
    }
    within(bytes, protected.vds());
    if let Some(Some(crit)) = within(bytes, protected.crit()) {
        assert!(crit.labels().all(|label| protected.find(label).is_some()));
    }
    countersignatures(bytes, headers, Target::from(&message), profile);
    within(bytes, message.algorithm());
    let detached = Input::detached(b"payload");
    let input =
        if message.danger_unverified_payload().is_some() { Input::embedded() } else { detached };
    let structure = message
        .to_be_signed(&input, &Profile::LENIENT)
        .expect("the payload is where it was said to be");
    assert!(structure.len() >= 14 + protected.as_authenticated(profile).len());
    let keys = [trusted_issuer(), trusted_edwards()];
    let verdict = message.verify(&input, &TrustStore::new(&keys), &Context::new(&RustCrypto));
    if let Some(verified) = within(bytes, verdict) {
        let _ = within(bytes, verified.try_map(Signed::digest));
        let _ = within(bytes, verified.claims(&Context::new(&RustCrypto).with_profile(*profile)));
    }
    true
}

/// The five messages that are no COSE_Sign1.
fn others(bytes: &[u8], profile: &Profile) {
    let (input, context) = (Input::embedded(), Context::new(&RustCrypto));
    let open = OpenInput::from(input);
    let secrets = secrets();
    let secrets = SecretStore::new(&secrets);
    if let Some(message) = within(bytes, Sign::decode(bytes, profile)) {
        layer(bytes, message.headers(), Target::from(&message), profile);
        assert_eq!(message.signatures().iter().count(), message.signatures().len());
        for signature in message.signatures().iter() {
            layer(bytes, signature.headers(), Target::from(&signature), profile);
        }
        let keys = [trusted_issuer(), trusted_edwards()];
        let keys = TrustStore::new(&keys);
        for policy in [SignPolicy::All, SignPolicy::AtLeast(2)] {
            let _ = within(bytes, message.verify(&input, &policy, &keys, &context));
        }
    }
    if let Some(message) = within(bytes, Mac0::decode(bytes, profile)) {
        layer(bytes, message.headers(), Target::from(&message), profile);
        let _ = within(bytes, message.verify(&input, &secrets, &context));
    }
    if let Some(message) = within(bytes, Mac::decode(bytes, profile)) {
        layer(bytes, message.headers(), Target::from(&message), profile);
        recipients(bytes, message.recipients(), profile);
        let _ = within(bytes, message.open(open, &secrets, &context));
    }
    if let Some(token) = within(bytes, Cwt::decode(bytes, profile)) {
        let _ = token.danger_unverified_claims(profile);
        let keys = [trusted_issuer(), trusted_edwards()];
        let keys = TrustStore::new(&keys);
        let trust = Trust::keys(&keys).and_secrets(&secrets);
        let mut plaintext = [0; 512];
        let supplied = Supplied::NOTHING;
        let _ = token.open(&supplied, &trust, &SignPolicy::All, &context, &mut plaintext);
    }
    let mut plaintext = [0; 512];
    if let Some(message) = within(bytes, Encrypt0::decode(bytes, profile)) {
        layer(bytes, message.headers(), Target::from(&message), profile);
        let verdict = message.decrypt(open, &secrets, &context, &mut plaintext);
        if within(bytes, verdict).is_none() {
            assert_eq!(plaintext, [0; 512]);
        }
        let verdict = message.decrypt_unauthenticated(open, &secrets, &context, &mut plaintext);
        let _ = within(bytes, verdict);
    }
    let mut plaintext = [0; 512];
    if let Some(message) = within(bytes, Encrypt::decode(bytes, profile)) {
        layer(bytes, message.headers(), Target::from(&message), profile);
        recipients(bytes, message.recipients(), profile);
        let verdict = message.decrypt(open, &secrets, &context, &mut plaintext);
        if within(bytes, verdict).is_none() {
            assert_eq!(plaintext, [0; 512]);
        }
    }
}

fn secrets() -> [HeldSecret<'static>; 3] {
    let symmetric = |k| SecretKey::symmetric(SymmetricKey { k, algorithm: None }, &RustCrypto);
    let material = PrivateKeyMaterial::Ec2 { curve: Curve::P256, d: &[7; 32] };
    let private = PrivateKey { material, public: None, algorithm: None };
    let identity = Identity::new([9; 32]);
    [symmetric(&[1; 16]), symmetric(&[2; 32]), SecretKey::private(private, &RustCrypto)]
        .map(|secret| HeldSecret::new(secret, identity))
}

fn layer(bytes: &[u8], headers: &Headers<'_>, target: Target<'_>, profile: &Profile) {
    for bucket in [&**headers.protected(), headers.unprotected()] {
        read(bytes, bucket);
    }
    within(bytes, headers.algorithm());
    countersignatures(bytes, headers, target, profile);
}

fn recipients(bytes: &[u8], all: &Recipients<'_>, profile: &Profile) {
    assert_eq!(all.iter().count(), all.len());
    for recipient in all.iter() {
        layer(bytes, recipient.headers(), Target::from(&recipient), profile);
        within(bytes, recipient.check_salted(&Agreed::default()));
        let context =
            KdfContext::new(Algorithm::A128GCM, 16, recipient.headers(), &Agreed::default());
        within(bytes, context);
        if let Some(nested) = recipient.recipients() {
            recipients(bytes, nested, profile);
        }
    }
}

/// A countersignature that travels alone.
fn alone(bytes: &[u8], profile: &Profile) {
    if let Some(one) = within(bytes, Countersignature::decode(bytes, profile)) {
        assert_eq!(one.bytes(), bytes);
        countersignatures(bytes, one.headers(), Target::from(&one), profile);
    }
}

/// The countersignatures of `target`, and theirs, two layers deep.
fn countersignatures(bytes: &[u8], headers: &Headers<'_>, target: Target<'_>, profile: &Profile) {
    let all = |headers: &Headers<'_>, target: Target<'_>, below: &dyn Fn(&Countersignature<'_>)| {
        let new = within(bytes, headers.countersignatures(profile));
        let old = within(bytes, headers.countersignatures_of_rfc8152(profile));
        for all in [new, old].into_iter().flatten().flatten() {
            assert_eq!(all.iter().count(), all.len());
            for one in all.iter() {
                assert_eq!(&bytes[one.offset()..][..one.bytes().len()], one.bytes());
                let keys = [trusted_issuer(), trusted_edwards()];
                let keys = TrustStore::new(&keys);
                for input in [Input::embedded(), Input::detached(b"payload")] {
                    let context = Context::new(&RustCrypto);
                    let _ = within(bytes, one.verify(target, &input, &keys, &context));
                }
                below(&one);
            }
        }
        for one in [headers.countersignature0(), headers.countersignature0_of_rfc8152()] {
            let Some(Some(one)) = within(bytes, one) else { continue };
            let (input, context) = (Input::embedded(), Context::new(&RustCrypto));
            let _open = OpenInput::from(input);
            let keys = trusted_issuer();
            let verdict = one.verify(target, &input, Algorithm::ES256, &keys, &context);
            let _ = within(bytes, verdict);
        }
    };
    all(headers, target, &|one| all(one.headers(), Target::from(one), &|_| ()));
}

fn read(bytes: &[u8], bucket: &Bucket<'_>) {
    let mut parameters = 0;
    for (label, value) in bucket.iter() {
        parameters += 1;
        assert!(value.offset() + value.bytes().len() <= bytes.len());
        assert_eq!(
            &bytes[value.offset()..][..value.bytes().len()],
            value.bytes(),
            "values stand where they say"
        );
        assert_eq!(bucket.find(label), Some(value), "each label is found, and once");
    }
    assert_eq!(parameters, bucket.len());
    within(bytes, bucket.algorithm());
    within(bytes, bucket.key_id());
    within(bytes, bucket.x5u());
    within(bytes, bucket.x5u_sender());
    within(bytes, bucket.x5t_sender());
    within(bytes, bucket.kcwt(&Profile::LENIENT));
    if let Some(Some(claims)) = within(bytes, bucket.kccs()) {
        read_claims(bytes, &claims);
    }
    within(bytes, bucket.content_type());
    within(bytes, bucket.typ());
    if let Some(Some(claims)) = within(bytes, bucket.cwt_claims()) {
        read_claims(bytes, &claims);
    }
    for certificates in [bucket.x5chain(), bucket.x5bag(), bucket.x5chain_sender()] {
        if let Some(Some(certificates)) = within(bytes, certificates) {
            assert_eq!(certificates.iter().count(), certificates.len());
        }
    }
    if let Some(Some(x5t)) = within(bytes, bucket.x5t()) {
        within(bytes, x5t.identifying_algorithm());
    }
    if let Some(Some(receipts)) = within(bytes, bucket.receipts()) {
        assert_eq!(receipts.iter().count(), receipts.len());
        for (offset, receipt) in receipts.iter() {
            assert_eq!(&bytes[offset..offset + receipt.len()], receipt);
        }
    }
}

fn claims(bytes: &[u8], profile: &Profile) {
    if let Some(claims) = within(bytes, Claims::decode(bytes, profile)) {
        read_claims(bytes, &claims);
    }
}

fn read_claims(bytes: &[u8], claims: &Claims<'_>) {
    within(bytes, claims.issuer());
    within(bytes, claims.subject());
    within(bytes, claims.audience());
    within(bytes, claims.cwt_id());
    for date in [claims.expires_at(), claims.not_before(), claims.issued_at()] {
        if let Some(Some(date)) = within(bytes, date) {
            let _ = (date.time().floor(), within(bytes, date.untagged()));
        }
    }
    within(bytes, claims.check_time(Time::Fractional(1.5e9), 60));
    within(bytes, claims.check_audience("me"));
    if let Some(Some(confirmation)) = within(bytes, claims.confirmation())
        && let Some(key) = confirmation.key()
    {
        read_key(bytes, key);
    }
    // Unless a map is a key, or it takes too much work.
    let context = Context::new(&RustCrypto);
    let _ =
        claims.check_agreement(claims, &context).map_err(|error| assert!(error.rule().is_none()));
    assert!(claims.iter().all(|(label, value)| claims.find(label) == Some(value)));
}

fn key(bytes: &[u8], profile: &Profile) {
    if let Some(key) = within(bytes, CoseKey::decode(bytes, profile)) {
        read_key(bytes, &key);
    }
    if let Some(set) = within(bytes, KeySet::decode(bytes, profile)) {
        for key in set.iter() {
            if let Some(key) = within(bytes, key) {
                read_key(bytes, &key);
            }
        }
    }
}

fn read_key(bytes: &[u8], key: &CoseKey<'_>) {
    within(bytes, key.key_type());
    within(bytes, key.key_id());
    within(bytes, key.algorithm());
    if let Some(key) = within(bytes, key.public_key()) {
        let _ = cose_ext::key::TrustedKey::new(key, &Context::new(&RustCrypto));
    }
}
