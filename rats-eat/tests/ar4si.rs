//! Trustworthiness claims: every value has one tier, and every pair of tiers one comparison.

use rats_eat::ar4si::{Comparison, Tier, TrustClaim, TrustDimension, TrustVector};

/// The table of draft-ietf-rats-ar4si 2.3.2, written down once more.
fn tier_of(value: i32) -> Tier {
    if (-1..=1).contains(&value) {
        Tier::None
    } else if (2..=31).contains(&value) || (-32..=-2).contains(&value) {
        Tier::Affirming
    } else if (32..=95).contains(&value) || (-96..=-33).contains(&value) {
        Tier::Warning
    } else {
        Tier::Contraindicated
    }
}

#[test]
fn all_256_values_have_their_tier() {
    let mut counts = [0; 4];
    for value in i8::MIN..=i8::MAX {
        let tier = TrustClaim::new(value).tier();
        assert_eq!(tier, tier_of(value.into()), "{value}");
        counts[Tier::ALL.iter().position(|other| *other == tier).unwrap()] += 1;
    }
    assert_eq!(counts, [3, 61, 128, 64]);
}

#[test]
fn all_256_values_are_no_better_than_themselves_and_make_the_worst_of_a_vector() {
    for value in i8::MIN..=i8::MAX {
        let claim = TrustClaim::new(value);
        for other in i8::MIN..=i8::MAX {
            let vector = TrustVector::EMPTY
                .with(TrustDimension::Configuration, claim)
                .with(TrustDimension::SourcedData, TrustClaim::new(other));
            let worst = vector.worst();
            let expected = claim.tier().value().max(TrustClaim::new(other).tier().value());
            assert_eq!(worst.value(), expected);
            assert_eq!(worst.compared_with(worst), Comparison::NoBetter);
        }
    }
}

#[test]
fn none_is_neither_above_nor_below() {
    use Comparison::{Better, Doubtful, NoBetter};
    let table = [
        // Worst: none, affirming, warning, contraindicated.
        (Tier::None, [NoBetter, NoBetter, Doubtful, Doubtful]),
        (Tier::Affirming, [Doubtful, NoBetter, Better, Better]),
        (Tier::Warning, [NoBetter, NoBetter, NoBetter, Better]),
        (Tier::Contraindicated, [NoBetter, NoBetter, NoBetter, NoBetter]),
    ];
    for (status, row) in table {
        for (worst, expected) in Tier::ALL.into_iter().zip(row) {
            assert_eq!(status.compared_with(worst), expected, "{status} over {worst}");
        }
    }
}

#[test]
fn tiers_and_dimensions_are_found_by_what_they_are_written_as() {
    for tier in Tier::ALL {
        assert_eq!(Tier::from_value(tier.value().into()), Some(tier));
        assert_eq!(Tier::from_name(tier.name()), Some(tier));
    }
    for (index, dimension) in TrustDimension::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(dimension.key()), index);
        assert_eq!(TrustDimension::from_name(dimension.name()), Some(dimension));
    }
    for value in [-1, 1, 3, 31, 33, 95, 97, 98, 258] {
        assert_eq!(Tier::from_value(value), None);
    }
    assert_eq!(Tier::from_name("Affirming"), None);
}
