//! Tokens, bundles, CCA tokens and claims sets, whose signatures are all good: what is left to refuse is their structure,
//! their parts, and what binds one to the other.
#![no_main]

use cose_ext::{Context, Profile, Trust};
use fuzz::{AcceptAll, with_keys};
use libfuzzer_sys::fuzz_target;
use rats_eat::{
    Bundle, Claims, EatProfile, Freshness, Part, PartContent, Requirements, Token, Uccs,
    UnboundIssuer, Voucher, cca::CcaToken, parsec::ParsecToken, psa::PsaClaims,
};

const REQUIREMENTS: Requirements<'static> =
    Requirements::DEFAULT.with_unbound_issuer(UnboundIssuer::Accepted);

fuzz_target!(|bytes: &[u8]| {
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
                let _ = token.verify_tree(&trust, &REQUIREMENTS, &context, visit);
            }
            if let Ok(bundle) = Bundle::decode(bytes, &profile) {
                let _ = bundle.verify_tree(&trust, &REQUIREMENTS, &context, visit);
            }
            if let Ok(token) = CcaToken::decode(bytes, &profile) {
                let _ = token.verify(&trust, &REQUIREMENTS, &context);
            }
            if let Ok(token) = ParsecToken::decode(bytes, &profile) {
                let _ = token.verify(keys, &context);
            }
        });
    }
});

/// What a profile reads without complaint, its validator has nothing to say of.
fn check(claims: &Claims<'_>) {
    claims.validate(&mut |finding| assert!(!finding.path.to_string().is_empty()));
    if let Ok(psa) = PsaClaims::read(*claims) {
        psa.profile.validate(claims, &mut |finding| panic!("{finding}"));
        assert!(psa.components().count() > 0 || psa.profile.name == EatProfile::PSA_IOT_1.name);
    }
    let _ = Freshness::nonce(&&[7; 8][..]).at(0).within(300).check(claims);
}
