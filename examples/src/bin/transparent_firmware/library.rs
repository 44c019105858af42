//! A library turns bad: which firmware has it, and which devices run that?

use cose_ext::{Input, Profile, header::ContentType};
use scitt_core::{Monitor, Requirements, SignedStatement, VersionRange};

use crate::{
    Trouble,
    cast::{OFFICE, context},
    rating::{SBOM, release_of, trusting},
    service::Service,
    verifier::Attested,
};

/// The releases whose bills of material list a version of the package in the range, as the log says.
pub(crate) fn affected_releases(
    service: &Service,
    package: &str,
    range: &str,
) -> Result<Vec<u64>, Trouble> {
    let context = context();
    let submissions = service.submissions()?;
    trusting(|keys| {
        let mut monitor = Monitor::new().following_issuer(OFFICE);
        // Which release each entry is about: its claims say so, and they are signed.
        let mut releases = Vec::new();
        for (index, bytes) in (0_u64..).zip(&submissions) {
            let statement = SignedStatement::decode(bytes, &Profile::LENIENT)?;
            let typ = statement.message().headers().protected().typ();
            if typ != Ok(Some(ContentType::MediaType(SBOM))) {
                continue;
            }
            let requirements = Requirements::Rfc9943;
            let verified = statement.verify(&Input::embedded(), keys, requirements, &context)?;
            monitor.observe(index, &verified, None, &context)?;
            releases.extend(release_of(verified.value()).map(|number| (index, number)));
        }
        let answer = monitor.affected(package, &VersionRange::parse(range)?)?;
        let entries = answer.affected().iter().map(|found| found.statement.index());
        let found = entries.filter_map(|entry| {
            releases.iter().find(|(index, _)| *index == entry).map(|(_, number)| *number)
        });
        Ok(found.collect())
    })
}

/// The devices that were last attested with one of these releases.
pub(crate) fn affected_devices<'f>(
    fleet: &'f [Attested],
    releases: &'f [u64],
) -> impl Iterator<Item = &'f Attested> {
    fleet.iter().filter(|device| releases.contains(&device.number))
}
