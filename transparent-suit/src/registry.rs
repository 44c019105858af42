//! What a service has registered of this profile, and its rules (docs/transparent-suit.md 6).

use alloc::{collections::BTreeMap, string::String, vec::Vec};

use crate::{Error, Rule, release::Release};

/// The releases that a service has registered, by issuer, subject and number, and their manifests
/// by digest.
///
/// # State, invariant, cost
///
/// Of one issuer and subject each number has one digest, and a new number is greater than all
/// before. The state follows from the log and the manifests: whoever replays the log has it too.
#[derive(Clone, Debug, Default)]
pub struct FirmwareRegistry {
    releases: BTreeMap<(String, String), BTreeMap<u64, Registered>>,
    manifests: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// One release that was registered.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Registered {
    /// The encoded SUIT_Digest.
    digest: Vec<u8>,
    /// The leaf index of its entry.
    entry: u64,
}

impl FirmwareRegistry {
    /// Makes a registry of an empty log.
    #[must_use]
    pub const fn new() -> Self {
        Self { releases: BTreeMap::new(), manifests: BTreeMap::new() }
    }

    /// Returns the number that was registered last for an issuer and a subject.
    #[must_use]
    pub fn last(&self, issuer: &str, subject: &str) -> Option<u64> {
        let releases = self.releases.get(&(issuer.into(), subject.into()))?;
        releases.last_key_value().map(|(number, _)| *number)
    }

    /// Returns the manifest with this digest, a SUIT_Digest as encoded: the byte string that wraps
    /// it.
    pub fn manifest(&self, digest: &[u8]) -> Option<&[u8]> {
        self.manifests.get(digest).map(Vec::as_slice)
    }

    /// Returns the leaf index of a release that is registered, `None` for a new one.
    ///
    /// # Errors
    ///
    /// [`Rule::OneDigest`], [`Rule::SequenceGrows`].
    pub(crate) fn decide(&self, release: &Release<'_>) -> Result<Option<u64>, Error> {
        let claims = &release.claims;
        let key = (claims.issuer.into(), claims.subject.into());
        let Some(releases) = self.releases.get(&key) else { return Ok(None) };
        match releases.get(&claims.sequence) {
            Some(known) if known.digest == release.digest => return Ok(Some(known.entry)),
            Some(_) => return Err(Error::refused(Rule::OneDigest)),
            None => {}
        }
        match releases.last_key_value() {
            Some((last, _)) if *last > claims.sequence => Err(Error::refused(Rule::SequenceGrows)),
            _ => Ok(None),
        }
    }

    /// Takes a release into the state, whose statement is the leaf `entry`.
    pub(crate) fn record(&mut self, release: &Release<'_>, entry: u64) {
        let claims = &release.claims;
        let key = (claims.issuer.into(), claims.subject.into());
        let digest = release.digest.to_vec();
        self.manifests.entry(digest.clone()).or_insert_with(|| release.manifest.into());
        let releases = self.releases.entry(key).or_default();
        releases.entry(claims.sequence).or_insert(Registered { digest, entry });
    }
}
