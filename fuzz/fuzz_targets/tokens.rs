//! Tokens, bundles, CCA tokens and claims sets, whose signatures are all good: what is left to refuse is their structure,
//! their parts, and what binds one to the other.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use cose_ext::arbitrary::Encoded;
use cose_ext::{Context, Digest, Profile, Trust, Verified, crypto::Algorithm, sign::Signers};
use fuzz::{AcceptAll, with_keys};
use libfuzzer_sys::fuzz_target;
use rats_eat::{
    Bundle, Claims, EatProfile, Freshness, Part, PartContent, Requirements, Token, Tree,
    TreeContent, Uccs, UnboundIssuer, Voucher,
    appraisal::{Appraiser, Reference},
    ar4si::Tier,
    cca::CcaToken,
    claim::ContentFormat,
    parsec::{ParsecCcaToken, ParsecToken},
    psa::PsaClaims,
};

const REQUIREMENTS: Requirements<'static> =
    Requirements::DEFAULT.with_unbound_issuer(UnboundIssuer::Accepted);

// The bytes as they are, and as the choices that make a token with claims in their registered forms.
fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    let mut u = Unstructured::new(bytes);
    if let Ok(token) = Encoded::<Token<'static>>::arbitrary(&mut u) {
        read(token.bytes());
    }
    if let Ok(claims) = Encoded::<Claims<'static>>::arbitrary(&mut u) {
        assert!(claims.view().is_ok(), "made by the builder");
        read(claims.bytes());
    }
});

fn read(bytes: &[u8]) {
    for profile in [Profile::LENIENT, Profile::DETERMINISTIC] {
        let context = Context::new(&AcceptAll).with_profile(profile);
        if let Ok(claims) = Claims::decode(bytes, &profile) {
            check(&claims);
        }
        if let Ok(uccs) = Uccs::decode(bytes, &profile) {
            check(uccs.danger_unsecured_claims());
            assert!(Token::decode(bytes, &profile).is_err(), "nobody protects it");
        }
        let visit = &mut |part: &Part<'_, '_>| match part.content {
            PartContent::Claims(claims) => check(claims.value()),
            PartContent::NotEvaluated(_) => assert_eq!(part.voucher, Voucher::Nobody),
            _ => assert_eq!(part.voucher, Voucher::OuterSignature),
        };
        with_keys(|keys| {
            let trust = Trust::keys(keys);
            if let Ok(token) = Token::decode(bytes, &profile) {
                let verified = token.verify_tree(&trust, &REQUIREMENTS, &context, visit);
                if let Ok(tree) = token.verify_all(&trust, &REQUIREMENTS, &context) {
                    grown(&tree);
                }
                if let Ok(claims) = verified {
                    appraise(&claims);
                }
            }
            if let Ok(bundle) = Bundle::decode(bytes, &profile) {
                let _ = bundle.verify_tree(&trust, &REQUIREMENTS, &context, visit);
                if let Ok(tree) = bundle.verify_all(&trust, &REQUIREMENTS, &context) {
                    grown(&tree);
                }
            }
            if let Ok(token) = CcaToken::decode(bytes, &profile) {
                let _ = token.verify(&trust, &REQUIREMENTS, &context);
            }
            if let Ok(token) = ParsecToken::decode(bytes, &profile) {
                let _ = token.verify(keys, &context);
            }
            if let Ok(token) = ParsecCcaToken::decode(bytes, &profile) {
                let _ = token.verify(&trust, &REQUIREMENTS, &context);
            }
        });
    }
}

/// Nothing in JSON is left, and each place is there once.
fn grown(tree: &Tree) {
    let mut paths: Vec<&str> = Vec::new();
    for part in tree.parts() {
        assert!(!matches!(part.content, TreeContent::Json(_)));
        assert!(!paths.contains(&part.path.as_str()), "{}", part.path);
        paths.push(&part.path);
        if let Some(claims) = part.claims() {
            check(&claims.value().claims(&Profile::LENIENT).unwrap());
        }
    }
}

/// A table that nothing matches, and none at all: neither affirms.
fn appraise(claims: &Verified<Claims<'_>, Signers>) {
    let digest = Digest::new(Algorithm::SHA256, &[0x5a; 32]).unwrap();
    let references = [Reference::digest("a component that nobody has", digest)];
    for references in [&references[..], &[]] {
        let appraiser = Appraiser::new(references).with_component_format(ContentFormat(60));
        if let Ok(verdict) = appraiser.appraise(claims, &mut |_| {}) {
            assert_eq!(verdict.matched, 0);
            assert_ne!(verdict.status, Tier::Affirming);
        }
    }
}

/// What a profile reads without complaint, its validator has nothing to say of.
fn check(claims: &Claims<'_>) {
    claims.validate(&mut |finding| assert!(!finding.path.to_string().is_empty()));
    if let Ok(psa) = PsaClaims::read(*claims) {
        psa.profile.validate(claims, &mut |finding| panic!("{finding}"));
        assert!(psa.components().count() > 0 || psa.profile.name == EatProfile::PSA_IOT_1.name);
    }
    let _ = Freshness::nonce(&&[7; 8][..]).at(0).within(300).check(claims);
}
