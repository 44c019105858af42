//! What a token says was measured, compared with a table, and the result that is made of it.

#[path = "support/world.rs"]
mod world;

use cose_ext::{Digest, Profile, cbor::Writer, crypto::Algorithm, cwt::ClaimKey};
use rats_eat::{
    Error, Requirements,
    appraisal::{Appraiser, Outcome, Reference, Verdict},
    ar4si::{Tier, TrustClaim, TrustDimension},
    attester::ClaimsWriter,
    claim::ContentFormat,
    ear::{Ear, EarBuilder, VerifierId},
};
use world::{rule, token};

const BL: [u8; 32] = [8; 32];
const SIGNER: [u8; 32] = [9; 32];
const SECURED: u64 = 0x3000;

fn digest(bytes: &[u8]) -> Digest<'_> {
    Digest::new(Algorithm::SHA256, bytes).unwrap()
}

/// A PSA token with these components: name, version, digest and signer of each.
fn psa(components: &[(&str, &str, &[u8], &[u8])], lifecycle: u64, exp: Option<i64>) -> Vec<u8> {
    token(1, &|claims: &mut ClaimsWriter<'_, '_>| {
        if let Some(exp) = exp {
            claims.int(ClaimKey::EXP, exp);
        }
        claims
            .bytes(ClaimKey::EAT_NONCE, &[1; 32])
            .bytes(ClaimKey::UEID, &[1; 33])
            .text(ClaimKey::EAT_PROFILE, "tag:psacertified.org,2023:psa#tfm")
            .int(ClaimKey::int(2394), 1)
            .uint(ClaimKey::int(2395), lifecycle)
            .bytes(ClaimKey::int(2396), &[6; 32])
            .claim(ClaimKey::int(2399), |array| {
                array.array(components.len());
                for (name, version, digest, signer) in components {
                    array.map(4).int(1).text(name).int(2).bytes(digest);
                    array.int(4).text(version).int(5).bytes(signer);
                }
            });
    })
}

fn appraise(bytes: &[u8], appraiser: &Appraiser<'_>) -> Result<(Verdict, Vec<Outcome>), Error> {
    let claims = world::verify(bytes, &[1], &Requirements::DEFAULT)?;
    let mut outcomes = Vec::new();
    let verdict = appraiser.appraise(&claims, &mut |component| outcomes.push(component.outcome))?;
    Ok((verdict, outcomes))
}

fn boot_loader() -> Vec<u8> {
    psa(&[("BL", "1.4", &BL, &SIGNER)], SECURED, None)
}

fn executables(verdict: &Verdict) -> i8 {
    verdict.vector.claim(TrustDimension::Executables).map_or(-128, TrustClaim::value)
}

#[test]
fn zero_references_never_affirm() {
    let instances: &[&[u8]] = &[&[1; 33]];
    for appraiser in [Appraiser::new(&[]), Appraiser::new(&[]).with_instances(instances)] {
        let (verdict, outcomes) = appraise(&boot_loader(), &appraiser).unwrap();
        assert_eq!((verdict.status, executables(&verdict)), (Tier::None, 0));
        assert_eq!((outcomes, verdict.matched), (vec![Outcome::Unknown], 0));
    }
    // Nothing that was measured: nothing that matches, whatever the table has.
    let none = token(1, &world::uptime);
    let references = [Reference::digest("BL", digest(&BL))];
    let (verdict, _) = appraise(&none, &Appraiser::new(&references)).unwrap();
    assert_eq!((verdict.status, executables(&verdict)), (Tier::None, 0));
    // A line that has expired is not looked at.
    let expired = [Reference::digest("BL", digest(&BL)).until(100)];
    let (verdict, _) = appraise(&boot_loader(), &Appraiser::new(&expired).at(100)).unwrap();
    assert_eq!((verdict.status, executables(&verdict)), (Tier::Warning, 33));
}

#[test]
fn every_component_has_to_match() {
    let other = [7; 32];
    let compared = |references: &[Reference<'_>]| {
        let (verdict, outcomes) = appraise(&boot_loader(), &Appraiser::new(references)).unwrap();
        (verdict.status, executables(&verdict), outcomes[0])
    };
    let matches = (Tier::Affirming, 3, Outcome::Matches);
    let too_old = (Tier::Warning, 32, Outcome::TooOld);
    let differs = (Tier::Warning, 33, Outcome::Differs);
    let by_digest = Reference::digest("BL", digest(&BL));
    for (reference, expected) in [
        (by_digest, matches),
        (by_digest.by(&SIGNER), matches),
        (by_digest.by(&other), differs),
        (by_digest.from_version("1.4"), matches),
        (by_digest.from_version("1.10"), too_old),
        (by_digest.from_version("v1"), too_old),
        (Reference::digest("BL", digest(&other)), differs),
        (Reference::signed("BL", &SIGNER, "1.3.9"), matches),
        (Reference::signed("BL", &SIGNER, "2"), too_old),
        (Reference::signed("BL", &other, "1.0"), differs),
        (Reference::digest("PRoT", digest(&BL)), (Tier::Warning, 33, Outcome::Unknown)),
    ] {
        assert_eq!(compared(&[reference]), expected, "{reference:?}");
    }
    // The best of several lines counts.
    assert_eq!(compared(&[Reference::digest("BL", digest(&other)), by_digest]), matches);
    // One component that is not known takes the rest along.
    let two = psa(&[("BL", "1", &BL, &SIGNER), ("x", "1", &BL, &SIGNER)], SECURED, None);
    let (verdict, _) = appraise(&two, &Appraiser::new(&[by_digest])).unwrap();
    assert_eq!((verdict.matched, verdict.not_matched), (1, 1));
    assert_eq!((verdict.status, executables(&verdict)), (Tier::Warning, 33));
}

/// A digest of the right bytes by another function is another digest.
#[test]
fn digests_are_of_one_function() {
    let long = [8; 48];
    let bytes = psa(&[("BL", "1", &long, &SIGNER)], SECURED, None);
    let of = |algorithm, value| Reference::digest("BL", Digest::new(algorithm, value).unwrap());
    let same = [of(Algorithm::SHA384, &long)];
    assert_eq!(appraise(&bytes, &Appraiser::new(&same)).unwrap().1, [Outcome::Matches]);
    let other = [of(Algorithm::SHA256, &BL)];
    assert_eq!(appraise(&bytes, &Appraiser::new(&other)).unwrap().1, [Outcome::Differs]);
}

#[test]
fn devices_and_implementations_are_known_or_not() {
    let references = [Reference::digest("BL", digest(&BL))];
    let (ours, others): (&[&[u8]], &[&[u8]]) = (&[&[1; 33], &[6; 32]], &[&[2; 33]]);
    let appraiser = Appraiser::new(&references);
    let claims = |appraiser: Appraiser<'_>| {
        let (verdict, _) = appraise(&boot_loader(), &appraiser).unwrap();
        let [instance, hardware] = [TrustDimension::InstanceIdentity, TrustDimension::Hardware]
            .map(|dimension| verdict.vector.claim(dimension).map(TrustClaim::value));
        (instance, hardware, verdict.status)
    };
    assert_eq!(claims(appraiser), (None, None, Tier::Affirming));
    let known = appraiser.with_instances(ours).with_implementations(ours);
    assert_eq!(claims(known), (Some(2), Some(2), Tier::Affirming));
    let unknown = appraiser.with_instances(others);
    assert_eq!(claims(unknown), (Some(97), None, Tier::Contraindicated));
    let unknown = appraiser.with_implementations(others);
    assert_eq!(claims(unknown), (None, Some(97), Tier::Contraindicated));
    // An empty table knows nobody.
    assert_eq!(claims(appraiser.with_instances(&[])).0, Some(97));
}

#[test]
fn a_device_that_is_not_secured_does_not_affirm() {
    let references = [Reference::digest("BL", digest(&BL))];
    for (lifecycle, status) in [
        (0x0000, Tier::Contraindicated),
        (0x1000, Tier::Contraindicated),
        (0x2000, Tier::Contraindicated),
        (0x30ff, Tier::Affirming),
        (0x4000, Tier::Warning),
        (0x5000, Tier::Warning),
        (0x6000, Tier::Contraindicated),
    ] {
        let bytes = psa(&[("BL", "1", &BL, &SIGNER)], lifecycle, None);
        let (verdict, _) = appraise(&bytes, &Appraiser::new(&references)).unwrap();
        assert_eq!(verdict.status, status, "{lifecycle:x}");
    }
}

#[test]
fn the_earliest_expiry_of_what_was_relied_upon_is_told() {
    let by_digest = Reference::digest("BL", digest(&BL));
    let expires = |references: &[Reference<'_>], exp| {
        let bytes = psa(&[("BL", "1.4", &BL, &SIGNER)], SECURED, exp);
        appraise(&bytes, &Appraiser::new(references).at(50)).unwrap().0.expires_at
    };
    assert_eq!(expires(&[by_digest], None), None);
    assert_eq!(expires(&[by_digest], Some(300)), Some(300));
    assert_eq!(expires(&[by_digest.until(200)], Some(300)), Some(200));
    assert_eq!(expires(&[by_digest.until(400)], Some(300)), Some(300));
    // Lines that were not relied upon do not count, and of two that match the longer one is enough.
    let unused = Reference::digest("PRoT", digest(&BL)).until(60);
    assert_eq!(expires(&[by_digest.until(200), unused], None), Some(200));
    assert_eq!(expires(&[by_digest.until(100), by_digest.until(200)], None), Some(200));
    assert_eq!(expires(&[by_digest.until(100), by_digest], None), None);
    assert_eq!(expires(&[by_digest.until(40), by_digest.until(100)], None), Some(100));
}

/// Measured components: name, version, hash function, digest and authorities.
fn component(authority: Option<&[u8]>) -> Vec<u8> {
    let mut buffer = [0; 256];
    let mut writer = Writer::new(&mut buffer);
    writer.map(if authority.is_some() { 3 } else { 2 });
    writer.int(1).array(2).text("BL").array(1).text("1.4");
    writer.int(2).array(2).int(-16).bytes(&BL);
    if let Some(authority) = authority {
        writer.int(3).array(1).bytes(authority);
    }
    writer.finish().unwrap().to_vec()
}

fn eat(component: &[u8], format: u64, debug_status: u64) -> Vec<u8> {
    token(1, &|claims| {
        claims
            .uint(ClaimKey::DBGSTAT, debug_status)
            .text(ClaimKey::EAT_PROFILE, "https://profile.example")
            .claim(ClaimKey::MEASUREMENTS, |array| {
                array.array(1).array(2).int(format).bytes(component);
            });
    })
}

#[test]
fn e236_measured_components_are_compared() {
    const FORMAT: ContentFormat = ContentFormat(65000);
    let references = [Reference::digest("BL", digest(&BL)).from_version("1.4")];
    let appraiser = Appraiser::new(&references).with_component_format(FORMAT);
    let (verdict, outcomes) = appraise(&eat(&component(None), 65000, 1), &appraiser).unwrap();
    assert_eq!((verdict.status, outcomes), (Tier::Affirming, vec![Outcome::Matches]));
    // Of another format: something was measured, and nobody here can read what.
    let (verdict, outcomes) = appraise(&eat(&component(None), 258, 1), &appraiser).unwrap();
    assert_eq!((verdict.status, outcomes), (Tier::Warning, vec![Outcome::Unknown]));
    // Of a format that the caller looks at himself: nothing was compared.
    let other = appraiser.passing_over(ContentFormat(258));
    let (verdict, outcomes) = appraise(&eat(&component(None), 258, 1), &other).unwrap();
    assert_eq!((verdict.status, outcomes), (Tier::None, vec![]));
    let (verdict, _) = appraise(&eat(&component(None), 65000, 1), &other).unwrap();
    assert_eq!(verdict.status, Tier::Affirming);
    // Debugging is on.
    let (verdict, _) = appraise(&eat(&component(None), 65000, 0), &appraiser).unwrap();
    assert_eq!(verdict.status, Tier::Contraindicated);
    // Authorities mean what a profile says; without one they refuse the token.
    let signed = eat(&component(Some(&SIGNER)), 65000, 1);
    assert_eq!(rule(appraise(&signed, &appraiser)), "E236");
    let known = appraiser.with_profile("https://profile.example");
    assert_eq!(appraise(&signed, &known).unwrap().0.status, Tier::Affirming);
    let by_signer = [Reference::signed("BL", &SIGNER, "1.0")];
    let known = Appraiser::new(&by_signer).with_component_format(FORMAT);
    let known = known.with_profile("https://profile.example");
    assert_eq!(appraise(&signed, &known).unwrap().1, [Outcome::Matches]);
    assert_eq!(
        appraise(&eat(&component(Some(&BL)), 65000, 1), &known).unwrap().1,
        [Outcome::Differs]
    );
}

#[test]
fn a_token_that_breaks_its_profile_is_not_appraised() {
    let bytes = psa(&[], SECURED, None);
    assert_eq!(rule(appraise(&bytes, &Appraiser::new(&[]))), "E57");
}

#[test]
fn a_verdict_becomes_a_result() {
    let references = [Reference::digest("BL", digest(&BL)).until(1_900_000_000)];
    let bytes = psa(&[("BL", "1.4", &BL, &SIGNER)], SECURED, Some(1_850_000_000));
    let (verdict, _) = appraise(&bytes, &Appraiser::new(&references)).unwrap();
    let verifier = VerifierId { developer: "https://verifier.example", build: "1" };
    let builder = EarBuilder::new(&verifier, 1_800_000_000).expires_at(1_999_999_999);
    let result = builder.verdict("PSA", &verdict).unwrap().to_bytes().unwrap();
    let ear = Ear::decode(&result, &Profile::DETERMINISTIC).unwrap();
    assert_eq!(ear.findings().count(), 0);
    assert_eq!(ear.expires_at(), Some(1_850_000_000));
    let (name, appraisal) = ear.appraisals().next().unwrap();
    assert_eq!((name, appraisal.status()), ("PSA", Tier::Affirming));
    assert_eq!(appraisal.vector(), Some(verdict.vector));
}
