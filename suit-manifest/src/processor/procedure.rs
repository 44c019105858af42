//! What is run, on what.

use cose_ext::Digest;

use super::{Readings, count};
use crate::{Envelope, Error, ErrorKind, Limits, Manifest, Rule, Section};

/// Which sections are run, in which order (draft-ietf-suit-manifest-37 8.4.6, trust domains 7). A
/// section that the manifest does not have is passed over, without a run of the shared sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum Procedure {
    /// Dependency resolution, payload fetch, candidate verification, install, validate.
    Update,
    /// Validate, load, invoke.
    Invoke,
    /// Uninstall.
    Uninstall,
    /// Dependency resolution and payload fetch, where another trust domain installs (trust domains
    /// 7). The stored number does not move.
    #[cfg(feature = "hierarchy")]
    Staging,
    /// Candidate verification, install, validate: what was staged by another trust domain.
    #[cfg(feature = "hierarchy")]
    Installation,
    /// Sections one by one, at the request of a first processor
    /// ([`Processor::request`](super::Processor::request)). The stored number does not move.
    #[cfg(feature = "hierarchy")]
    OnRequest,
}

impl Procedure {
    /// The number of sections of the longest procedure.
    pub(super) const SECTIONS: usize = 5;

    /// Returns the sections in the order in which they are run.
    #[must_use]
    pub const fn sections(self) -> &'static [Section] {
        match self {
            Self::Update => &[
                Section::DependencyResolution,
                Section::PayloadFetch,
                Section::CandidateVerification,
                Section::Install,
                Section::Validate,
            ],
            Self::Invoke => &[Section::Validate, Section::Load, Section::Invoke],
            Self::Uninstall => &[Section::Uninstall],
            #[cfg(feature = "hierarchy")]
            Self::Staging => &[Section::DependencyResolution, Section::PayloadFetch],
            #[cfg(feature = "hierarchy")]
            Self::Installation => {
                &[Section::CandidateVerification, Section::Install, Section::Validate]
            }
            #[cfg(feature = "hierarchy")]
            Self::OnRequest => &[],
        }
    }

    /// Returns whether a manifest has to be newer than the stored one, or the same.
    const fn is_update(self) -> bool {
        match self {
            Self::Update => true,
            #[cfg(feature = "hierarchy")]
            Self::Staging | Self::Installation => true,
            _ => false,
        }
    }

    /// Returns whether the stored number moves at the end.
    pub(super) const fn moves_number(self) -> bool {
        match self {
            Self::Update => true,
            #[cfg(feature = "hierarchy")]
            Self::Installation => true,
            _ => false,
        }
    }
}

/// What the device stored of the manifest that it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored<'s> {
    /// Its sequence number.
    pub sequence_number: u64,
    /// The digest of the manifest, if it was kept.
    pub manifest: Option<Digest<'s>>,
}

/// What a manifest is measured against before anything of it is run.
#[derive(Clone, Copy, Debug)]
pub struct Target<'s> {
    /// How many components the device has.
    pub components: usize,
    /// What was stored of the manifest before; a fresh device has none, and takes any number, 0
    /// too.
    pub stored: Option<Stored<'s>>,
    /// How much work the manifest may cause.
    pub limits: Limits,
    /// How it is read where the texts leave room.
    pub readings: Readings,
}

impl Target<'_> {
    /// Checks the sequence number, and returns it if the procedure moves it.
    ///
    /// An update has a greater one, or the same one if it is the same manifest again; any other
    /// procedure one that is not lower.
    pub(super) fn check_number(
        &self,
        manifest: &Manifest<'_>,
        envelope: &Envelope<'_>,
        procedure: Procedure,
    ) -> Result<Option<u64>, Error> {
        let number = manifest.sequence_number();
        let (is_update, moves) = (procedure.is_update(), procedure.moves_number());
        let Some(stored) = self.stored else { return Ok(moves.then_some(number)) };
        let is_same = || stored.manifest == Some(envelope.authentication().digest());
        if number > stored.sequence_number {
            Ok(moves.then_some(number))
        } else if number == stored.sequence_number && (!is_update || is_same()) {
            Ok(None)
        } else {
            Err(Error::new(ErrorKind::Policy(Rule::SequenceNumber)).at(manifest.offset()))
        }
    }

    /// A manifest lists no more components than the device has, and each once.
    pub(super) fn check_components(&self, manifest: &Manifest<'_>) -> Result<(), Error> {
        let components = manifest.common().components();
        if components.len() > self.components {
            let fact = count(components.len());
            let offset = manifest.offset();
            return Err(Error::malformed(Rule::ComponentCount, fact, offset));
        }
        if components.len() < 2 { Ok(()) } else { components.check_distinct() }
    }
}
