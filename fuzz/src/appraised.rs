//! Evidence compared with tables that are made of the evidence itself.

use cose_ext::{Digest, IntOrText, Profile, Verified, crypto::Algorithm, sign::Signers};
use rats_eat::{
    Claims,
    appraisal::{Appraiser, Outcome, Reference},
    ar4si::Tier,
    claim::{ContentFormat, ProfileId},
    measured_component::{MeasuredComponent, Measurement},
    psa::PsaClaims,
};

use crate::told;

/// A component as a table has it.
struct Known<'a> {
    name: &'a str,
    digest: Digest<'a>,
    signer: Option<&'a [u8]>,
    version: Option<&'a str>,
}

fn of_len(value: &[u8]) -> Option<Digest<'_>> {
    let algorithm = match value.len() {
        32 => Algorithm::SHA256,
        48 => Algorithm::SHA384,
        64 => Algorithm::SHA512,
        _ => return None,
    };
    Digest::new(algorithm, value).ok()
}

fn of_component<'a>(component: &MeasuredComponent<'a>) -> Option<Digest<'a>> {
    assert!(!component.bytes().is_empty());
    told(component.check_without_profile());
    match component.measurement() {
        Measurement::Digest { algorithm: IntOrText::Int(number), value } => {
            Digest::new(Algorithm::new(number.to_i64()?), value).ok()
        }
        _ => None,
    }
}

/// A table of what is there, and none at all: only the first affirms.
pub fn appraise(claims: &Verified<Claims<'_>, Signers>) {
    let set = claims.value();
    let psa = PsaClaims::read(*set).ok();
    let contents: Vec<_> =
        set.measurements().ok().flatten().iter().flat_map(|all| all.iter()).collect();
    let format = contents.first().map_or(ContentFormat(60), |content| content.format);
    let known: Vec<Known<'_>> = match &psa {
        Some(psa) => psa
            .components()
            .filter_map(|one| {
                let digest = of_len(one.measurement)?;
                let (signer, version) = (Some(one.signer), one.version);
                Some(Known { name: one.kind?, digest, signer, version })
            })
            .collect(),
        None => contents
            .iter()
            .filter(|content| content.format == format)
            .filter_map(|content| {
                let one = MeasuredComponent::decode(content.bytes, &Profile::LENIENT).ok()?;
                let (signer, version) = (one.authorities().next(), one.version());
                let version = version.map(|version| version.version);
                Some(Known { name: one.name(), digest: of_component(&one)?, signer, version })
            })
            .collect(),
    };
    let ueid = set.ueid().ok().flatten().map(|ueid| ueid.bytes());
    let instances: Vec<&[u8]> = ueid.into_iter().collect();
    let implementations: Vec<&[u8]> = psa.iter().map(|psa| psa.implementation_id).collect();
    let uri = match set.profile() {
        Ok(Some(ProfileId::Uri(uri))) => uri,
        _ => "",
    };
    let by_digest: Vec<_> =
        known.iter().map(|one| Reference::digest(one.name, one.digest)).collect();
    let bounded: Vec<_> = by_digest.iter().map(|line| line.until(4_000_000_000)).collect();
    let by_signer: Vec<_> = known
        .iter()
        .filter_map(|one| {
            let (signer, version) = (one.signer?, one.version.unwrap_or("1"));
            Some(Reference::signed(one.name, signer, version).until(5_000_000_000))
        })
        .collect();
    let newer: Vec<_> = known
        .iter()
        .map(|one| {
            let line = Reference::digest(one.name, one.digest).from_version("99999.0");
            one.signer.map_or(line, |signer| line.by(signer))
        })
        .collect();
    let of_another = Digest::new(Algorithm::SHA256, &[0x5a; 32]).unwrap();
    let others: Vec<_> = known.iter().map(|one| Reference::digest(one.name, of_another)).collect();
    let mixed = [newer.as_slice(), &bounded, &by_signer, &others].concat();
    for table in [&by_digest[..], &bounded, &by_signer, &newer, &others, &mixed, &[]] {
        let appraiser = Appraiser::new(table)
            .with_instances(&instances)
            .with_implementations(&implementations)
            .with_component_format(format)
            .with_profile(uri)
            .at(1_800_000_000);
        let mut matches = 0;
        let verdict = appraiser.appraise(claims, &mut |compared| {
            matches += usize::from(compared.outcome == Outcome::Matches);
        });
        let Some(verdict) = told(verdict) else { continue };
        assert_eq!(verdict.matched, matches);
        assert!(verdict.matched > 0 || verdict.status != Tier::Affirming);
        if table == by_digest.as_slice() || table == bounded.as_slice() {
            // The platform token of CCA has components too, which are not in this table.
            assert!(verdict.matched >= known.len(), "each has a line of its own");
        }
        if table.is_empty() || (table == others.as_slice() && known.is_empty()) {
            assert_eq!(verdict.matched, 0);
        }
    }
    // Of other devices, and with nothing to compare.
    let stranger = Appraiser::new(&by_digest)
        .with_instances(&[])
        .with_implementations(&[])
        .passing_over(format)
        .at(i64::MAX);
    if let Some(verdict) = told(stranger.appraise(claims, &mut |_| {})) {
        assert!(ueid.is_none() || verdict.status != Tier::Affirming);
    }
}
