//! What a statement of this profile releases.

use cose_ext::{
    Context, Digest, Profile,
    cbor::Reader,
    header::{Bucket, ContentType, Protected},
};
use suit_manifest::Manifest;

use crate::{Error, Rule, header, header::BlockClaims, manifest_claims, profile::MANIFEST};

/// A release as a statement and its manifest show it: what a service decides about, and what an
/// auditor decides about again. Who signed it, its maker knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Release<'s> {
    pub(crate) claims: BlockClaims<'s>,
    /// The encoded SUIT_Digest.
    pub(crate) digest: &'s [u8],
    /// The byte string that wraps the manifest.
    pub(crate) manifest: &'s [u8],
}

impl<'s> Release<'s> {
    /// Compares a statement with the manifest that came along: header, digest, claims.
    ///
    /// # Errors
    ///
    /// Those of the header; [`Rule::ManifestHandedOver`], [`Rule::SequenceAgrees`],
    /// [`Rule::SubjectIsClass`]; those of the manifest.
    pub(crate) fn examine(
        protected: &Protected<'s>,
        payload: &'s [u8],
        manifest: &'s [u8],
        typ: ContentType<'_>,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        header::check_header(protected, typ)?;
        let claims = header::read_claims(protected)?;
        let release = Self { claims, digest: payload, manifest };
        release.check_digest(context)?;
        let item = context.profile.item(manifest, 0).map_err(suit_manifest::Error::from)?;
        let read = Manifest::read(item, &context.profile)?;
        manifest_claims::check(&claims, &read, &context.profile)?;
        Ok(release)
    }

    fn check_digest(&self, context: &Context<'_>) -> Result<(), Error> {
        let broken = Error::broken(Rule::ManifestHandedOver);
        let item = context.profile.item(self.digest, 0).map_err(|_| broken)?;
        let (digest, mut more) = Digest::read(&item).map_err(|_| broken)?;
        let computed = context.hash(digest.algorithm(), &[self.manifest])?;
        if more.next().is_none() && computed.as_ref() == digest.value() {
            Ok(())
        } else {
            Err(broken)
        }
    }
}

/// Returns whether a statement is one of this profile.
pub(crate) fn is_of_typ(protected: &Protected<'_>, typ: ContentType<'_>) -> bool {
    protected.typ() == Ok(Some(typ))
}

/// Returns whether bytes are one SUIT_Digest and nothing else.
pub(crate) fn is_suit_digest(bytes: &[u8], profile: &Profile) -> bool {
    let item = profile.item(bytes, 0);
    item.is_ok_and(|item| Digest::read(&item).is_ok_and(|(_, mut more)| more.next().is_none()))
}

/// Returns the manifest that came along in an unprotected header.
///
/// # Errors
///
/// [`Rule::ManifestHandedOver`] if there is none.
pub(crate) fn manifest_in<'s>(collateral: &Bucket<'s>) -> Result<&'s [u8], Error> {
    let manifest = collateral.find(MANIFEST).and_then(|value| value.read(Reader::bytes).ok());
    manifest.ok_or(Error::broken(Rule::ManifestHandedOver))
}
