//! All that can be read out of a claims set, and what must hold between the readers.

use core::fmt::Display;

use cose_ext::{Context, Profile, cwt, cwt::ClaimKey, cwt::Time};
use rats_eat::{
    Claims, DeviceHint, EatProfile, Freshness, OwnedClaims, SeveralNonces,
    claim::{JsonSelector, Submodule},
    epoch_marker::EpochMarker,
};
use rats_eat::{NestedJson, cmw::Cmw};

use crate::Accept;

/// The claim of an epoch marker.
const EPOCH_MARKER: i64 = 2000;
/// Texts of larger sets are not written: they cost more than they show.
const PRINTED: usize = 2048;

/// Every profile of this family.
pub fn profiles() -> [EatProfile; 9] {
    [
        EatProfile::CONSTRAINED,
        EatProfile::TEEP,
        EatProfile::teep(&["urn:of:somebody"]),
        EatProfile::EAR,
        EatProfile::PSA,
        EatProfile::PSA_2_0_0,
        EatProfile::PSA_IOT_1,
        EatProfile::CCA_PLATFORM,
        EatProfile::CCA_REALM,
    ]
}

/// Returns what was read, and has the error say something.
pub fn told<T, E: Display>(read: Result<T, E>) -> Option<T> {
    read.map_err(|error| assert!(!error.to_string().is_empty())).ok()
}

/// Takes what was read, of which nothing more is known.
fn seen<T>(_: T) {}

/// Reads all claims in all ways.
pub fn look_at(claims: &Claims<'_>) {
    let mut findings = 0;
    claims.validate(&mut |finding| {
        assert!(!finding.path.to_string().is_empty() && finding.path.depth() < 64);
        assert!(!finding.to_string().is_empty());
        findings += 1;
    });
    let broken = registered(claims) + parts(claims);
    assert!(broken == 0 || findings > 0, "{broken} readers refuse what nothing was found of");
    for profile in profiles() {
        let mut broken = 0;
        profile.validate(claims, &mut |_| broken += 1);
        assert_eq!(told(profile.check(claims)).is_some(), broken == 0, "{}", profile.name);
    }
    for (key, value) in claims.iter() {
        assert!(claims.find(key).is_some());
        let mut places = 0;
        claims.path_at(value.offset(), &mut |_| places += 1);
        assert_eq!(places, 1, "a claim has one place");
    }
    claims.path_at(usize::MAX, &mut |path| panic!("{path} has no end"));
    owned(claims);
    as_of_a_cwt(claims);
    fresh(claims);
    let hint = DeviceHint::of(claims);
    assert_eq!(hint.ueid.is_some(), DeviceHint::of(claims).ueid.is_some());
}

/// Claims with a form of their own; returns how many readers refuse.
fn registered(claims: &Claims<'_>) -> usize {
    let mut broken = 0;
    macro_rules! each {
        ($($read:ident => $then:expr;)*) => {
            $(match told(claims.$read()) {
                None => broken += 1,
                Some(None) => {}
                Some(Some(value)) => $then(value),
            })*
        };
    }
    each! {
        issuer => seen;
        subject => seen;
        audience => seen;
        expires_at => |time: Time| seen(time.floor());
        not_before => |time: Time| seen(time.floor());
        issued_at => seen;
        token_id => seen;
        nonces => |nonces: rats_eat::claim::Nonces<'_>| {
            assert!(nonces.iter().all(|nonce| (8..=64).contains(&nonce.len())));
            assert!(nonces.only().is_none() || nonces.iter().count() == 1);
        };
        ueid => |ueid: rats_eat::claim::Ueid<'_>| {
            assert_eq!(ueid.to_string().len(), 2 * ueid.bytes().len());
            assert!(!format!("{:?} {ueid:?}", ueid.kind()).is_empty());
        };
        sueids => |all: rats_eat::claim::Sueids<'_>| {
            assert!(all.iter().all(|(_, ueid)| ueid.bytes().len() > 6));
        };
        oem_id => seen;
        hardware_model => |model: &[u8]| assert!((1..=32).contains(&model.len()));
        hardware_version => seen;
        software_name => seen;
        software_version => seen;
        oem_boot => seen;
        debug_status => |status: rats_eat::claim::DebugStatus| assert!(status.value() < 5);
        location => seen;
        uptime => seen;
        boot_count => seen;
        boot_seed => seen;
        dloas => |all: rats_eat::claim::Dloas<'_>| assert!(all.iter().count() > 0);
        profile => seen;
        intended_use => |usage: rats_eat::claim::IntendedUse| seen(usage.name());
        confirmation => |by: cwt::Confirmation<'_>| {
            seen((by.key_id(), by.thumbprint(), by.encrypted_key()));
            seen(by.find(cwt::ConfirmationMethod::int(3)));
            assert!(by.key().is_none_or(|_| by.encrypted_key().is_none()));
            assert!(!format!("{by:?}").is_empty());
        };
    }
    broken
}

/// What a device consists of, and what was measured.
fn parts(claims: &Claims<'_>) -> usize {
    let mut broken = 0;
    for contents in [claims.manifests(), claims.measurements()] {
        match told(contents) {
            None => broken += 1,
            Some(contents) => {
                let contents = contents.iter().flat_map(|all| all.iter());
                contents.for_each(|content| assert!(content.offset > 0));
            }
        }
    }
    match told(claims.measurement_results()) {
        None => broken += 1,
        Some(results) => {
            let systems = results.iter().flat_map(|systems| systems.iter());
            systems.for_each(|system| assert!(system.iter().count() > 0));
        }
    }
    match told(claims.submodules()) {
        None => broken += 1,
        Some(submodules) => {
            for (name, value) in submodules.iter().flat_map(|all| all.iter()) {
                assert!(submodules.is_some_and(|all| all.find(name).is_some()));
                match told(Submodule::read(&value)) {
                    Some(Submodule::Json(JsonSelector { text, kind })) => {
                        let nested =
                            NestedJson::decode(&JsonSelector { text, kind }, &Profile::LENIENT);
                        told(nested);
                    }
                    Some(_) | None => {}
                }
            }
        }
    }
    told(Cmw::in_claims(claims));
    broken
}

/// A set that owns its claims is the same set.
fn owned(claims: &Claims<'_>) {
    let owned = OwnedClaims::from(*claims);
    assert_eq!(owned.bytes(), claims.bytes());
    let again = OwnedClaims::decode(owned.bytes().into(), &Profile::LENIENT);
    assert_eq!(again.as_ref().ok(), Some(&owned));
    if claims.bytes().len() <= PRINTED {
        let text = claims.to_string();
        assert_eq!(text, format!("{claims:?}"));
        assert_eq!(text, format!("{owned:?}"));
    }
}

/// What RFC 8392 says of the same set.
fn as_of_a_cwt(claims: &Claims<'_>) {
    let context = Context::new(&Accept::ALL);
    let cwt = cwt::Claims::decode(claims.bytes(), &Profile::LENIENT).expect("read before");
    assert_eq!(cwt.into_iter().count(), claims.iter().count());
    assert_eq!(told(cwt.issuer()).is_some(), claims.issuer().is_ok());
    assert_eq!(told(cwt.subject()).is_some(), claims.subject().is_ok());
    told(cwt.cwt_id());
    told(cwt.check_agreement(&cwt, &context)).expect("it agrees with itself");
    match told(cwt.audience()) {
        Some(Some(audience)) => {
            told(cwt.check_audience(audience)).expect("it is for that one");
            assert!(told(cwt.check_audience("\u{7}nobody")).is_none());
        }
        Some(None) | None => seen(told(cwt.check_audience("anybody"))),
    }
    for date in [cwt.issued_at(), cwt.not_before(), cwt.expires_at()] {
        if let Some(Some(date)) = told(date) {
            assert_eq!(told(date.untagged()).is_none(), date.is_tagged());
            told(cwt.check_time(date.time(), 0));
            told(cwt.check_time(date.time(), 60));
        }
    }
    if let Ok(Some(end)) = cwt.expires_at() {
        assert!(cwt.check_time(end.time(), 0).is_err(), "at its end it is over");
    }
    told(cwt.check_time(Time::Fractional(f64::NAN), 0)).ok_or(()).expect_err("no time");
}

/// Who knows the nonce and the marker finds them; who knows others does not.
fn fresh(claims: &Claims<'_>) {
    if let Ok(Some(nonces)) = claims.nonces() {
        for nonce in nonces.iter() {
            let known = Freshness::nonce(&nonce);
            let accepted = known.with_several(SeveralNonces::Accepted);
            told(accepted.check(claims)).expect("one of them is known");
            assert_eq!(told(known.check(claims)).is_some(), nonces.only().is_some());
        }
    }
    assert!(told(Freshness::any_of(&[&[7; 9], &[8; 9]]).check(claims)).is_none());
    let marker = claims.find(ClaimKey::int(EPOCH_MARKER));
    if let Some(marker) = marker.and_then(|raw| told(EpochMarker::of(&raw))) {
        seen(marker.epoch());
        told(Freshness::NOTHING.in_epoch(&[marker.bytes()]).check(claims)).expect("it is current");
    }
    assert!(told(Freshness::NOTHING.in_epoch(&[&[0]]).check(claims)).is_none());
    let issued = claims.issued_at().ok().flatten().unwrap_or(0);
    for now in [issued, 0, i64::MAX] {
        told(Freshness::NOTHING.at(now).check(claims));
        told(Freshness::NOTHING.at(now).within(300).with_leeway(5).check(claims));
    }
    assert!(told(Freshness::NOTHING.within(300).check(claims)).is_none(), "there is no time");
}
