//! Nonces, validity and age.

#[path = "support/claims.rs"]
mod claims;
#[path = "support/world.rs"]
mod world;

use claims::set;
use cose_ext::Profile;
use rats_eat::{Claims, Error, Freshness, SeveralNonces};
use world::rule;

const OURS: [u8; 8] = [7; 8];
const NONCE: &str = "48 0707070707070707";
const OTHER: &str = "48 0808080808080808";

fn check(freshness: &Freshness<'_>, entries: &[(i64, &str)]) -> Result<(), Error> {
    let bytes = set(entries);
    freshness.check(&Claims::decode(&bytes, &Profile::LENIENT).unwrap())
}

#[test]
fn what_is_not_given_is_not_checked() {
    assert_eq!(check(&Freshness::NOTHING, &[(4, "00"), (6, "00")]), Ok(()));
}

#[test]
fn e90_a_nonce_is_there_and_not_inherited() {
    let ours = &OURS[..];
    let asks = Freshness::nonce(&ours);
    assert_eq!(check(&asks, &[(10, NONCE)]), Ok(()));
    assert_eq!(rule(check(&asks, &[])), "E90");
    let inner = hex::encode(set(&[(10, NONCE)]));
    assert_eq!(rule(check(&asks, &[(266, &format!("a1 6161 {inner}"))])), "E90");
    // A malformed one is neither there nor missing.
    assert_eq!(rule(check(&asks, &[(10, "40")])), "E7");
}

#[test]
fn e91_a_nonce_is_ours() {
    let ours = &OURS[..];
    assert_eq!(rule(check(&Freshness::nonce(&ours), &[(10, OTHER)])), "E91");
    // A prefix is another one.
    assert_eq!(rule(check(&Freshness::nonce(&ours), &[(10, "49 070707070707070700")])), "E91");
    // One of several epoch handles.
    let handles = [&[8_u8; 8][..], &OURS[..]];
    assert_eq!(check(&Freshness::any_of(&handles), &[(10, NONCE)]), Ok(()));
    assert_eq!(rule(check(&Freshness::any_of(&handles), &[(10, "48 0909090909090909")])), "E91");
}

#[test]
fn e92_a_nonce_among_others_is_refused_unless_asked_for() {
    let ours = &OURS[..];
    let both = format!("82 {OTHER} {NONCE}");
    let asks = Freshness::nonce(&ours);
    assert_eq!(rule(check(&asks, &[(10, &both)])), "E92");
    assert_eq!(check(&asks.with_several(SeveralNonces::Accepted), &[(10, &both)]), Ok(()));
    let others = format!("82 {OTHER} {OTHER}");
    let asks = asks.with_several(SeveralNonces::Accepted);
    assert_eq!(rule(check(&asks, &[(10, &others)])), "E91");
}

#[test]
fn e93_the_time_is_before_exp() {
    let at = |now| Freshness::NOTHING.at(now);
    assert_eq!(check(&at(99), &[(4, "1864")]), Ok(()));
    assert_eq!(rule(check(&at(100), &[(4, "1864")])), "E93");
    assert_eq!(check(&at(100).with_leeway(1), &[(4, "1864")]), Ok(()));
    // 100.5
    assert_eq!(check(&at(100), &[(4, "f95648")]), Ok(()));
    assert_eq!(rule(check(&at(101), &[(4, "f95648")])), "E93");
    // 100.0, as a float
    assert_eq!(rule(check(&at(100), &[(4, "f95640")])), "E93");
    // -0.5
    assert_eq!(rule(check(&at(0), &[(4, "f9b800")])), "E93");
    assert_eq!(check(&at(-1), &[(4, "f9b800")]), Ok(()));
    for no_time in ["f97e00", "f97c00", "1bffffffffffffffff", "c11864"] {
        assert_eq!(rule(check(&at(0), &[(4, no_time)])), "E3", "{no_time}");
    }
    assert_eq!(rule(check(&at(i64::MAX), &[(4, "1864")])), "E93");
    assert_eq!(check(&at(i64::MIN), &[(4, "1864")]), Ok(()));
}

#[test]
fn e94_the_time_is_not_before_nbf() {
    let at = |now| Freshness::NOTHING.at(now);
    assert_eq!(check(&at(100), &[(5, "1864")]), Ok(()));
    assert_eq!(rule(check(&at(99), &[(5, "1864")])), "E94");
    assert_eq!(check(&at(99).with_leeway(1), &[(5, "1864")]), Ok(()));
    assert_eq!(rule(check(&at(100), &[(5, "f95648")])), "E94");
    assert_eq!(check(&at(101), &[(5, "f95648")]), Ok(()));
}

#[test]
fn e95_an_age_wants_iat_and_a_time() {
    let within = |now| Freshness::NOTHING.at(now).within(10);
    assert_eq!(check(&within(110), &[(6, "1864")]), Ok(()));
    assert_eq!(rule(check(&within(111), &[(6, "1864")])), "E95");
    assert_eq!(check(&within(111).with_leeway(1), &[(6, "1864")]), Ok(()));
    // In the future, without a clock, missing, before 1970, and as far off as it goes.
    assert_eq!(rule(check(&within(99), &[(6, "1864")])), "E95");
    assert_eq!(check(&within(99).with_leeway(1), &[(6, "1864")]), Ok(()));
    assert_eq!(rule(check(&Freshness::NOTHING.within(10), &[(6, "1864")])), "E95");
    assert_eq!(rule(check(&within(100), &[])), "E95");
    assert_eq!(rule(check(&within(100), &[(6, "20")])), "E95");
    assert_eq!(rule(check(&within(i64::MAX), &[(6, "1864")])), "E95");
    assert_eq!(rule(check(&within(i64::MIN), &[(6, "1864")])), "E95");
    for no_time in ["f95640", "1bffffffffffffffff", "3b7fffffffffffffff", "c11864"] {
        assert_eq!(rule(check(&within(100), &[(6, no_time)])), "E4", "{no_time}");
    }
}

#[test]
fn e96_an_epoch_marker_is_there() {
    let current = [&[0xda, 0, 0, 0x69, 0x68, 7][..]]; // 26984(7)
    let asks = Freshness::NOTHING.in_epoch(&current);
    assert_eq!(check(&asks, &[(2000, "da00006968 07")]), Ok(()));
    assert_eq!(rule(check(&asks, &[(10, NONCE)])), "E96");
    // Nothing is inherited.
    let inner = hex::encode(set(&[(2000, "da00006968 07")]));
    assert_eq!(rule(check(&asks, &[(266, &format!("a1 6161 {inner}"))])), "E96");
    assert_eq!(rule(check(&asks, &[(2000, "07")])), "E295");
}

#[test]
fn e97_an_epoch_marker_is_current() {
    let (latest, before) = (&[0xda, 0, 0, 0x69, 0x68, 7][..], &[0xda, 0, 0, 0x69, 0x68, 6][..]);
    let current = [latest, before];
    let asks = Freshness::NOTHING.in_epoch(&current);
    assert_eq!(check(&asks, &[(2000, "da00006968 06")]), Ok(()));
    assert_eq!(rule(check(&asks, &[(2000, "da00006968 05")])), "E97");
    // A tick of the same number is no counter.
    assert_eq!(rule(check(&asks, &[(2000, "da00006966 07")])), "E97");
    // Without a handle that is current nothing is.
    assert_eq!(rule(check(&Freshness::NOTHING.in_epoch(&[]), &[(2000, "da00006968 07")])), "E97");
    // A nonce is asked for beside it.
    let ours = &OURS[..];
    let both = Freshness::nonce(&ours).in_epoch(&current);
    assert_eq!(check(&both, &[(10, NONCE), (2000, "da00006968 07")]), Ok(()));
    assert_eq!(rule(check(&both, &[(2000, "da00006968 07")])), "E90");
}
