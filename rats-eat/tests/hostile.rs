//! Inputs made to hurt: changed at random, nested without end, lengths without content. Never a panic,
//! never a byte from the heap, and valid only where nothing changed that was signed.

#[path = "support/world.rs"]
mod world;

use cose_ext::{Profile, cwt::ClaimKey};
use rats_eat::{
    Bundle, Claims, EatProfile, Freshness, Part, PartContent, Requirements, Token, Uccs,
    cca::CcaToken, psa::PsaClaims,
};
use testkit::{
    alloc_count::{Counting, allocations_during},
    rng::seeded,
};
use world::{context, token, trusting, uptime};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn evidence() -> Vec<u8> {
    let inner = token(2, &uptime);
    token(1, &|claims| {
        claims.int(ClaimKey::IAT, 1_800_000_000).bytes(ClaimKey::EAT_NONCE, &[7; 8]);
        claims.bytes(ClaimKey::UEID, &[1; 17]).int(ClaimKey::OEMID, 64242);
        claims.bool(ClaimKey::OEMBOOT, true);
        claims.submodules(&|parts| _ = parts.claims("c", &uptime).token("t", &inner));
    })
}

/// Everything that reads bytes; the claims of the token itself where it verifies.
fn read_all(bytes: &[u8], trust: &cose_ext::Trust<'_>) -> Option<Vec<u8>> {
    let profile = Profile::LENIENT;
    if let Ok(claims) = Claims::decode(bytes, &profile) {
        claims.validate(&mut |_| {});
        let _ = PsaClaims::read(claims).map(|claims| claims.components().count());
        let _ = Freshness::nonce(&&[7; 8][..]).at(0).within(1).check(&claims);
        for profile in [EatProfile::CONSTRAINED, EatProfile::CCA_PLATFORM, EatProfile::CCA_REALM] {
            profile.validate(&claims, &mut |_| {});
        }
    }
    let _ = Uccs::decode(bytes, &profile);
    let visit = &mut |part: &Part<'_, '_>| {
        if let PartContent::Claims(claims) = part.content {
            claims.value().validate(&mut |_| {});
        }
    };
    if let Ok(bundle) = Bundle::decode(bytes, &profile) {
        let _ = bundle.verify_tree(trust, &Requirements::DEFAULT, &context(), visit);
    }
    if let Ok(cca) = CcaToken::decode(bytes, &profile) {
        let _ = cca.verify(trust, &Requirements::DEFAULT, &context());
    }
    let token = Token::decode(bytes, &profile).ok()?;
    if let Ok(claims) = token.danger_unverified_claims(&profile) {
        claims.validate(&mut |_| {});
    }
    let verified = token.verify_tree(trust, &Requirements::DEFAULT, &context(), visit).ok()?;
    Some(verified.value().bytes().to_vec())
}

#[test]
fn tokens_changed_at_random_verify_only_with_the_same_claims() {
    use rand_core::Rng;
    let whole = evidence();
    let mut rng = seeded(12);
    trusting(&[1, 2], |trust| {
        let claims = read_all(&whole, trust).expect("valid");
        for _ in 0..2000 {
            let mut bytes = whole.clone();
            for _ in 0..=rng.next_u32() % 3 {
                let at = rng.next_u32() as usize % bytes.len();
                match rng.next_u32() % 3 {
                    0 => bytes[at] ^= 1 << (rng.next_u32() % 8),
                    1 => bytes.truncate(at.max(1)),
                    _ => bytes.insert(at, rng.next_u32() as u8),
                }
            }
            if let Some(found) = read_all(&bytes, trust) {
                assert_eq!(found, claims);
            }
        }
    });
}

#[test]
fn unprotected_sets_changed_at_random_never_panic() {
    use rand_core::Rng;
    let whole = evidence();
    let token = Token::decode(&whole, &Profile::LENIENT).unwrap();
    let set = token.danger_unverified_claims(&Profile::LENIENT).unwrap().bytes().to_vec();
    let mut rng = seeded(13);
    trusting(&[], |trust| {
        for _ in 0..20_000 {
            let mut bytes = set.clone();
            for _ in 0..=rng.next_u32() % 4 {
                let at = rng.next_u32() as usize % bytes.len();
                bytes[at] = rng.next_u32() as u8;
            }
            read_all(&bytes, trust);
        }
    });
}

#[test]
fn nesting_without_end_is_an_error_and_takes_no_heap() {
    let prefix = b"\xa1\x19\x01\x0a\xa1\x61a";
    let nested = prefix.repeat(20_000);
    let arrays = vec![0x81; 20_000];
    let tags = b"\xd8\x3d".repeat(20_000);
    let wide = [&b"\xa1\x19\x01\x0a\xb9\x4e\x20"[..], &b"\x61a\xa0".repeat(20_000)].concat();
    let lengths = hex::decode("a119010a a1 6161 5bffffffffffffffff".replace(' ', "")).unwrap();
    let announced = hex::decode("bbffffffffffffffff").unwrap();
    for bytes in [&nested[..], &arrays, &tags, &wide, &lengths, &announced] {
        trusting(&[], |trust| {
            let (found, allocations) = allocations_during(|| read_all(bytes, trust));
            assert_eq!(found, None);
            assert_eq!(allocations.count, 0);
        });
    }
}

#[test]
fn twenty_thousand_submodules_are_bounded() {
    // Names in order, so that the reader takes the set.
    let mut parts = Vec::new();
    for index in 0..20_000_u32 {
        parts.push(0x64);
        parts.extend(format!("{index:04x}").bytes());
        parts.push(0xa0);
    }
    let set = [&b"\xa1\x19\x01\x0a\xb9\x4e\x20"[..], &parts].concat();
    let bytes = world::token_around(1, &set);
    let token = Token::decode(&bytes, &Profile::LENIENT).unwrap();
    let mut visited = 0;
    let refused = trusting(&[1], |trust| {
        token
            .verify_tree(trust, &Requirements::DEFAULT, &context(), &mut |_| visited += 1)
            .map(drop)
    });
    assert_eq!(world::rule(refused), "E75");
    assert_eq!(visited, 256);
}
