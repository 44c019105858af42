//! What may be kept under the name of a component, and what is told of it.

use cose_ext::{Context, Verified, crypto::Algorithm, sign::Signers};

use super::{Kept, ManifestName, StoreError};
use crate::{Authority, ComponentName, Envelope, ImageDigest, Manifest};

/// A manifest that the device trusts and that is called as the component is.
pub(super) struct Installable<'b> {
    pub(super) envelope: Envelope<'b>,
    pub(super) manifest: Verified<Manifest<'b>, Signers>,
}

/// How it stands beside the latest manifest that is kept under this name.
pub(super) enum Beside {
    /// It is newer, or the first.
    Newer,
    /// It is the very manifest.
    Same,
    /// It is older, or another one with the same number.
    Older,
}

impl<'b> Installable<'b> {
    /// Returns the manifest in this envelope; `None` for anything else.
    pub(super) fn of(
        bytes: &'b [u8],
        component: &ComponentName<'_>,
        authority: &Authority<'_>,
        context: &Context<'_>,
    ) -> Option<Self> {
        let envelope = Envelope::decode(bytes, &context.profile).ok()?;
        let manifest = envelope.verify(authority.trust, authority.policy, context).ok()?;
        is_name_of(&ManifestName::of(manifest.value()), component)
            .then_some(Self { envelope, manifest })
    }

    pub(super) fn beside(&self, latest: Option<&Kept<'_>>) -> Beside {
        let number = self.manifest.value().sequence_number();
        match latest {
            Some(kept) if kept.digest() == self.envelope.authentication().digest() => Beside::Same,
            Some(kept) if number <= kept.sequence_number() => Beside::Older,
            _ => Beside::Newer,
        }
    }
}

/// Returns whether a manifest is called as the component is.
pub(super) fn is_name_of(name: &ManifestName<'_>, component: &ComponentName<'_>) -> bool {
    match name {
        ManifestName::Default => false,
        ManifestName::Component(id) => id.segments().eq(component.segments()),
    }
}

/// Digests the manifest of an envelope that is kept, with the head of its byte string, into `out`.
pub(super) fn digest_of_kept(
    envelope: &[u8],
    algorithm: Algorithm,
    out: &mut [u8],
    context: &Context<'_>,
) -> Option<ImageDigest> {
    let envelope = Envelope::decode(envelope, &context.profile).ok()?;
    let item = envelope.manifest_item();
    let hash = context.hash(algorithm, &[item.bytes()]).ok()?;
    let len = hash.as_ref().len();
    out.get_mut(..len)?.copy_from_slice(hash.as_ref());
    Some(ImageDigest { len, size: u64::try_from(item.bytes().len()).ok()? })
}

/// Copies what stands from byte `offset` on into `out`, and returns how many bytes that are.
pub(super) fn copy_from(envelope: &[u8], offset: usize, out: &mut [u8]) -> usize {
    let rest = envelope.get(offset..).unwrap_or_default();
    out.iter_mut().zip(rest).map(|(place, byte)| *place = *byte).count()
}

/// The device failed, or else the store does not do it: the directive fails.
pub(super) fn no_or_failed<E>(error: StoreError<E>) -> Result<bool, E> {
    match error {
        StoreError::Slots(error) => Err(error),
        _ => Ok(false),
    }
}
