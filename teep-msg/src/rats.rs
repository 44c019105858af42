//! What [`rats_eat`] adds to Attestation Results; feature `rats-eat`.

use rats_eat::{Claims, ar4si::Tier, ear::Ear};

use cose_ext::{Profile, Verified, cwt::ClaimKey};

use crate::{AttestationResult, Finding, Rule, Standing, finding::Departure};

/// The claims that TEEP's EAT profile requires (section 5).
const REQUIRED: [ClaimKey<'static>; 6] = [
    ClaimKey::CNF,
    ClaimKey::UEID,
    ClaimKey::OEMID,
    ClaimKey::HWMODEL,
    ClaimKey::HWVERSION,
    ClaimKey::MANIFESTS,
];

/// Tells `report` of each claim that TEEP's EAT profile requires and a result lacks.
pub fn check_profile(result: &Verified<AttestationResult<'_>>, report: &mut dyn FnMut(Finding)) {
    let claims = result.value().claims();
    for key in REQUIRED {
        if claims.find(key).is_none() {
            let (rule, offset) = (Rule::PayloadIsEat, claims.offset());
            report(Finding { rule, departure: Departure::Missing, offset });
        }
    }
}

/// Returns the worst status of a result that is an EAR, in any of its three dialects; `None` for a
/// result that is none. The machines read the status of the present dialect themselves.
#[must_use]
pub fn ear_standing(
    result: &Verified<AttestationResult<'_>>,
    profile: &Profile,
) -> Option<Standing> {
    let claims = Claims::decode(result.value().claims().bytes(), profile).ok()?;
    let ear = Ear::of_claims(claims, profile).ok()?;
    Some(match ear.worst_status() {
        Tier::Affirming => Standing::Affirming,
        Tier::Warning => Standing::Warning,
        Tier::Contraindicated => Standing::Contraindicated,
        _ => Standing::None,
    })
}
