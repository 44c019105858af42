//! A manifest that was signed and logged.

use core::fmt;

use cose_ext::{Context, Notes, Verified};
use suit_manifest::{Envelope, Manifest, Procedure, Processor, Target};

use crate::{Error, ReliedOn, header::BlockClaims};

/// A manifest that a firmware key signed, and whose very block enough services logged.
///
/// Only [`Device::verify`](crate::Device::verify) makes one:
///
/// ```compile_fail,E0451
/// use transparent_suit::TransparentManifest;
/// fn forge<'a>(manifest: TransparentManifest<'a>) -> TransparentManifest<'a> {
///     TransparentManifest { services: 9, ..manifest } // the fields are private
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct TransparentManifest<'a> {
    pub(crate) manifest: Verified<Manifest<'a>>,
    pub(crate) claims: BlockClaims<'a>,
    pub(crate) block: usize,
    pub(crate) services: usize,
    pub(crate) relied_on: Option<ReliedOn<'a>>,
}

impl<'a> TransparentManifest<'a> {
    /// Returns the manifest, and which firmware key vouches for it.
    pub const fn manifest(&self) -> &Verified<Manifest<'a>> {
        &self.manifest
    }

    /// Returns the issuer, which is the one that the key is enrolled for.
    #[must_use]
    pub const fn issuer(&self) -> &'a str {
        self.claims.issuer
    }

    /// Returns the class that the manifest is for, as a URN.
    #[must_use]
    pub const fn subject(&self) -> &'a str {
        self.claims.subject
    }

    /// Returns which block of the envelope was accepted, from zero.
    #[must_use]
    pub const fn block(&self) -> usize {
        self.block
    }

    /// Returns how many different services logged the block; 0 where the device requires none.
    #[must_use]
    pub const fn services(&self) -> usize {
        self.services
    }

    /// Returns the service and the root of the first receipt that counted; `None` where the device
    /// requires none. [`Device::verify_reporting`](crate::Device::verify_reporting) tells of all of
    /// them.
    #[must_use]
    pub const fn relied_on(&self) -> Option<&ReliedOn<'a>> {
        self.relied_on.as_ref()
    }

    /// Prepares a procedure of the manifest, which stands in `envelope`: the order of sequence
    /// numbers first, then whatever [`Processor::new`] looks at. Nothing is run yet.
    ///
    /// What `target` has as stored has to be that of the same authority
    /// ([`by`](cose_ext::Verified::by)) and component
    /// ([`manifest_component_id`](Manifest::manifest_component_id)).
    ///
    /// # Errors
    ///
    /// [`Rule::NumberInOrder`](crate::Rule::NumberInOrder); those of [`Processor::new`].
    pub fn processor<const COMPONENTS: usize, const DEPTH: usize>(
        &self,
        envelope: &Envelope<'a>,
        procedure: Procedure,
        target: &Target<'_>,
        arena: &'a mut [u8],
        context: &Context<'_>,
    ) -> Result<Processor<'a, COMPONENTS, DEPTH>, Error> {
        Processor::new(envelope, &self.manifest, procedure, target, arena, context)
            .map_err(Error::of_processor)
    }

    /// Returns what was not checked: what a caller may have to find out otherwise.
    pub fn not_checked(&self) -> impl Iterator<Item = NotChecked> + use<> {
        let notes = match &self.relied_on {
            Some(relied_on) => self.manifest.by().notes().and(relied_on.notes),
            None => self.manifest.by().notes(),
        };
        [
            self.relied_on.is_none().then_some(NotChecked::Logged),
            Some(NotChecked::LogConsistency),
            Some(NotChecked::RegistrationPolicy),
            Some(NotChecked::Withdrawal),
            (!notes.is_empty()).then_some(NotChecked::StrictReading(notes)),
        ]
        .into_iter()
        .flatten()
    }
}

/// Names something that was not checked before a manifest was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotChecked {
    /// That any service logged the block: the device requires none.
    Logged,
    /// That the logs show the same tree to everybody, and only grow: a receipt shows neither.
    LogConsistency,
    /// That the services applied their registration policies.
    RegistrationPolicy,
    /// That the release was not withdrawn: a device that is offline does not hear of it.
    Withdrawal,
    /// Whether a strict reading accepts the envelope and the receipt: these departures were
    /// allowed.
    StrictReading(Notes),
}

impl fmt::Display for NotChecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Logged => "whether any service logged the block (none is required)",
            Self::LogConsistency => "consistency of the logs over time",
            Self::RegistrationPolicy => "the registration policies of the services",
            Self::Withdrawal => "whether the release was withdrawn",
            Self::StrictReading(notes) => {
                return write!(f, "what a strict reading refuses: {notes}");
            }
        })
    }
}
