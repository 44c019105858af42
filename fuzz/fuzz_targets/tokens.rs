//! Tokens, bundles, CCA tokens and claims sets, whose signatures are all good: what is left to refuse is their structure,
//! their parts, and what binds one to the other.
#![no_main]

use core::ops::ControlFlow;

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::arbitrary::{Encoded, View};
use cose_ext::crypto::Algorithm;
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::encrypt0::Encrypt0Builder;
use cose_ext::key::{Candidate, KeyHint, KeyResolver};
use cose_ext::recipient::{RecipientBuilder, Sealer};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{
    Content, Context, Label, Profile, Sign1, Supplied, Trust, Value, header::Bucket,
    sign::SignPolicy,
};
use fuzz::{Accept, Chosen, appraise, look_at, profiles, symmetric, told, with_keys, with_secrets};
use libfuzzer_sys::fuzz_target;
use rats_eat::{
    Bundle, Claims, DeviceHint, DeviceKeys, EatProfile, KeysOfDevice, Part, PartContent,
    Requirements, Token, Tree, TreeContent, Uccs, UnboundIssuer, Voucher,
    cca::CcaToken,
    parsec::{ParsecCcaToken, ParsecToken},
    psa::PsaClaims,
};

fn requirements() -> Requirements<'static> {
    Requirements::default()
        .with_unbound_issuer(UnboundIssuer::Accepted)
        .with_supplied(Supplied::default())
        .with_policy(SignPolicy::AtLeast(1))
}

// The bytes as they are, and, by the last of them, as the choices that make a token of some kind with claims in their
// registered forms.
fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    let mut u = Unstructured::new(bytes);
    match bytes.last().map(|last| last % 5) {
        Some(0) => made::<Token<'static>>(&mut u, read),
        Some(1) => made::<PsaClaims<'static>>(&mut u, |claims| read(&signed(claims))),
        Some(2) => made::<CcaToken<'static>>(&mut u, read),
        Some(3) => made::<Bundle<'static>>(&mut u, read),
        _ => made::<Claims<'static>>(&mut u, |claims| {
            read(claims);
            read(&signed(claims));
            encrypted(claims, bytes);
            naming_keys(claims);
        }),
    }
});

fn made<T: View>(u: &mut Unstructured<'_>, then: impl FnOnce(&[u8])) {
    if let Ok(value) = Encoded::<T>::arbitrary(u) {
        assert!(value.view().is_ok(), "made by the builder");
        then(value.bytes());
    }
}

/// A token of these claims, as a device would make it: tag 61, ES256, with a kid.
fn signed(claims: &[u8]) -> Vec<u8> {
    let headers = Sign1Builder::new().key_id(b"k");
    let prepared = headers.prepare(Algorithm::ES256, Content::Embedded(claims));
    let message = prepared.expect("headers of ours").attach(&[0x81; 64]);
    [&[0xd8, 61][..], &message].concat()
}

/// Messages whose headers have the claims, a token of them, and a key that is claimed.
fn naming_keys(claims: &[u8]) {
    // {8: {1: {1: 1, -1: 6, -2: ..}}}
    let key = [&b"\xa1\x08\xa1\x01\xa3\x01\x01\x20\x06\x21\x58\x20"[..], &[7; 32]].concat();
    let token = signed(claims);
    let claimed = [Value::Encoded(claims), Value::Encoded(&key), Value::Encoded(&token)];
    for (kccs, kcwt) in [(claimed[0], claimed[2]), (claimed[1], claimed[1])] {
        let headers = Sign1Builder::new().unprotected(Label::KCCS, kccs);
        let headers = headers.unprotected(Label::KCWT, kcwt);
        let made = headers.prepare(Algorithm::ES256, Content::Embedded(b"payload"));
        let made = made.expect("headers of ours").attach(&[0x81; 64]);
        let message = Sign1::decode(&made, &Profile::LENIENT).expect("made here");
        in_headers(message.headers().unprotected());
    }
}

/// Encrypted tokens of these claims, and of a token within: whoever has the key has the claims.
fn encrypted(claims: &[u8], choices: &[u8]) {
    let key = symmetric(16);
    let inner = signed(claims);
    let mut chosen = Chosen::by(choices);
    let content = chosen.one_of([claims, &inner]);
    let made = if chosen.byte() % 2 == 0 {
        Encrypt0Builder::new().iv(&[3; 12]).encrypt(Algorithm::A128GCM, content, &key)
    } else {
        let recipients = [RecipientBuilder::direct(&key)];
        let mut sealer = Sealer::new(&Accept::ALL, &mut chosen);
        let builder = EncryptBuilder::new().iv(&[3; 12]);
        builder.encrypt(Algorithm::A128GCM, content, &recipients, &mut sealer)
    };
    let made = [&[0xd8, 61][..], &made.expect("every key is good")].concat();
    let token = Token::decode(&made, &Profile::LENIENT).expect("made here");
    let context = Context::new(&Accept::ALL);
    with_keys(|keys| {
        with_secrets(|secrets| {
            let trust = Trust::keys(keys).and_secrets(secrets);
            let mut plaintext = vec![0; made.len()];
            let opened = told(token.open(&trust, &requirements(), &context, &mut plaintext));
            if let Some(opened) = opened {
                assert_eq!(opened.value().bytes(), claims);
            }
            let short = &mut [0; 24][..];
            assert!(
                content.len() <= 24
                    || token.open(&trust, &requirements(), &context, short).is_err()
            );
            assert!(token.verify(&trust, &requirements(), &context).is_err(), "it is encrypted");
            let nobody = Trust::keys(keys);
            assert!(token.open(&nobody, &requirements(), &context, &mut plaintext).is_err());
        });
    });
}

fn read(bytes: &[u8]) {
    if let Ok(message) = Sign1::decode(bytes, &Profile::LENIENT) {
        in_headers(message.headers().protected());
        in_headers(message.headers().unprotected());
    }
    for profile in [Profile::LENIENT, Profile::DETERMINISTIC] {
        let context = Context::new(&Accept::ALL).with_profile(profile);
        if let Some(claims) = told(Claims::decode(bytes, &profile)) {
            check(&claims);
        }
        if let Some(uccs) = told(Uccs::decode(bytes, &profile)) {
            check(uccs.danger_unsecured_claims());
            assert!(Token::decode(bytes, &profile).is_err(), "nobody protects it");
        }
        with_keys(|keys| protected(bytes, keys, &context));
    }
}

/// Claims and tokens that name a key.
fn in_headers(bucket: &Bucket<'_>) {
    if let Some(Some(token)) = told(bucket.kcwt(&Profile::LENIENT)) {
        told(token.danger_unverified_claims(&Profile::LENIENT));
    }
    if let Some(Some(claims)) = told(bucket.kccs()) {
        let confirmation = claims.confirmation().expect("it was looked at").expect("it is there");
        assert!(confirmation.key().is_some());
    }
    told(bucket.cwt_claims());
}

fn protected(bytes: &[u8], keys: &dyn KeyResolver, context: &Context<'_>) {
    let (trust, requirements, profile) = (Trust::keys(keys), requirements(), &context.profile);
    let visit = &mut |part: &Part<'_, '_>| match part.content {
        PartContent::Claims(claims) => check(claims.value()),
        PartContent::NotEvaluated(_) => assert_eq!(part.voucher, Voucher::Nobody),
        _ => assert_eq!(part.voucher, Voucher::OuterSignature),
    };
    if let Some(token) = told(Token::decode(bytes, profile)) {
        one_token(&token, keys, context);
        let verified = told(token.verify_tree(&trust, &requirements, context, visit));
        if let Some(tree) = told(token.verify_all(&trust, &requirements, context)) {
            grown(&tree);
        }
        if let Some(tree) = told(token.verify_to_tree(&trust, &requirements, context)) {
            assert!(verified.is_some() && tree.claims().is_some());
            if let Some(tree) = told(tree.open_json(&trust, &requirements, context)) {
                grown(&tree);
            }
        }
        if let Some(claims) = verified {
            appraise(&claims);
        }
    }
    if let Some(bundle) = told(Bundle::decode(bytes, profile)) {
        assert!(bundle.names().count() > 0);
        told(bundle.main_token(profile));
        told(bundle.verify_tree(&trust, &requirements, context, visit));
        told(bundle.verify_to_tree(&trust, &requirements, context));
        if let Some(tree) = told(bundle.verify_all(&trust, &requirements, context)) {
            grown(&tree);
        }
    }
    if let Some(token) = told(CcaToken::decode(bytes, profile)) {
        one_token(token.platform(), keys, context);
        if let Some(evidence) = told(token.verify(&trust, &requirements, context)) {
            appraise(&evidence.platform);
            check(evidence.realm.value());
        }
    }
    if let Some(token) = told(ParsecToken::decode(bytes, profile)) {
        told(token.verify(keys, context));
    }
    if let Some(token) = told(ParsecCcaToken::decode(bytes, profile)) {
        told(token.verify(&trust, &requirements, context));
    }
}

/// The keys of every device.
struct Devices<'k>(&'k dyn KeyResolver);

impl DeviceKeys for Devices<'_> {
    fn candidates(
        &self,
        _: &DeviceHint<'_>,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        self.0.candidates(hint, context, each);
    }
}

/// By whatever way, the same token is verified.
fn one_token(token: &Token<'_>, keys: &dyn KeyResolver, context: &Context<'_>) {
    let (trust, requirements, profile) = (Trust::keys(keys), requirements(), &context.profile);
    if token.bytes().len() <= 1024 {
        assert_eq!(token.to_string(), format!("{token:?}"));
        assert_eq!(token.cwt().to_string(), format!("{:?}", token.cwt()));
    }
    let _ = token.cwt().is_tagged();
    for profile in profiles() {
        told(token.check_protection(&profile));
    }
    let supplied = Supplied::default();
    told(token.cwt().verify(&supplied, &trust, &SignPolicy::AtLeast(1), context));
    told(token.verify(&trust, &Requirements::default(), context));
    for tag in [0, 37, 111, 601, 602] {
        if let Some(claims) = told(token.verify_under_tag(tag, &trust, &requirements, context)) {
            assert!(
                token.verify(&trust, &requirements, context).is_err(),
                "a tag is no claims set"
            );
            look_at(claims.value());
        }
    }
    let verified = told(token.verify(&trust, &requirements, context));
    told(token.cwt().danger_unverified_claims(profile));
    let Some(unverified) = told(token.danger_unverified_claims(profile)) else { return };
    let devices = Devices(keys);
    let of_device = KeysOfDevice::new(&devices, DeviceHint::of(&unverified));
    assert!(!format!("{of_device:?}").is_empty());
    let of_device = told(token.verify(&Trust::keys(&of_device), &requirements, context));
    assert_eq!(of_device.is_some(), verified.is_some());
    if let Some(verified) = verified {
        assert_eq!(verified.value().bytes(), unverified.bytes());
    }
}

/// Nothing in JSON is left, and each place is there once.
fn grown(tree: &Tree) {
    let mut paths: Vec<&str> = Vec::new();
    for part in tree.parts() {
        assert!(!matches!(part.content, TreeContent::Json(_)));
        assert!(!paths.contains(&part.path.as_str()), "{}", part.path);
        paths.push(&part.path);
        assert!(tree.find(&part.path).is_some());
        if let Some(claims) = part.claims() {
            look_at(&claims.value().claims(&Profile::LENIENT).unwrap());
        }
    }
}

/// What a profile reads without complaint, its validator has nothing to say of.
fn check(claims: &Claims<'_>) {
    look_at(claims);
    if let Some(psa) = told(PsaClaims::read(*claims)) {
        psa.profile.validate(claims, &mut |finding| panic!("{finding}"));
        assert!(psa.components().count() > 0 || psa.profile.name == EatProfile::PSA_IOT_1.name);
        assert!(!psa.lifecycle.name().is_empty());
    }
}
