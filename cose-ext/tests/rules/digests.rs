//! Digests as they stand in structures: SUIT_Digest, the digests of EAT, `x5t`.

use cose_ext::crypto::Algorithm;
use cose_ext::error::{Error, Policy, Unsupported, Verification};
use cose_ext::{Digest, Profile, Rule};

use crate::expect::breaks_at;
use crate::messages::h;

/// Algorithm, length, and how many elements follow.
fn read(item: &str) -> Result<(Algorithm, usize, usize), Error> {
    let bytes = h(item);
    let item = Profile::LENIENT.item(&bytes, 100)?;
    let (digest, rest) = Digest::read(&item)?;
    Ok((digest.algorithm(), digest.value().len(), rest.count()))
}

fn sha256(algorithm: &str) -> String {
    format!("82 {algorithm} 5820 {}", "07".repeat(32))
}

#[test]
fn c99_a_digest_is_an_algorithm_and_bytes() {
    let expected = Ok((Algorithm::SHA256, 32, 0));
    assert_eq!(read(&sha256("2f")), expected);
    assert_eq!(read(&sha256("38 0f")), expected);
    // By its registered name, and in an array without length.
    assert_eq!(read(&sha256("67 5348412d323536")), expected);
    assert_eq!(read(&format!("9f 2f 5820 {} ff", "07".repeat(32))), expected);
    // What SUIT appends comes back.
    let more = format!("84 2f 5820 {} 01 a0", "07".repeat(32));
    assert_eq!(read(&more), Ok((Algorithm::SHA256, 32, 2)));
    for (item, at) in [
        ("a0", 100),
        ("80", 100),
        ("81 2f", 100),
        ("82 40 40", 101),
        ("82 2f 60", 102),
        ("82 2f f6", 102),
    ] {
        breaks_at(Rule::DigestForm, at, read(item));
    }
}

#[test]
fn c92_a_digest_is_as_long_as_its_hash_gives() {
    for len in [0, 1, 31, 33] {
        let item = format!("82 2f 58{len:02x} {}", "07".repeat(len));
        let expected = Verification::DigestLength { expected: 32, found: len };
        assert_eq!(read(&item), Err(Error::from(expected).at(100)));
    }
}

#[test]
fn c32_a_hash_that_may_only_filter_vouches_for_nothing() {
    let sha1 = format!("82 2d 54 {}", "07".repeat(20));
    let refused = Error::from(Policy::FilterOnlyHash(Algorithm::SHA1)).at(100);
    assert_eq!(read(&sha1), Err(refused));
}

#[test]
fn what_is_no_hash_is_unsupported() {
    // SUIT's old number of SHA-256 is that of A192GCM today.
    let old = Unsupported::Hash(Algorithm::new(2));
    assert_eq!(read(&sha256("02")), Err(Error::from(old).at(100)));
    assert_eq!(read(&sha256("63 616263")), Err(Error::from(Unsupported::AlgorithmName).at(101)));
}
