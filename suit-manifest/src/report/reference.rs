//! SUIT_Reference: which manifest a report is about (SUIT report 4).

use cose_ext::{
    Digest,
    cbor::{Array, Raw, Reader, Writer},
};

use crate::{
    Envelope, Error, ErrorKind, Manifest, Rule, digest,
    error::{Breaks, Fact},
};

/// Which manifest a report is about: its reference URI and its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference<'a> {
    uri: &'a str,
    digest: Digest<'a>,
}

impl<'a> Reference<'a> {
    /// Returns the reference of a manifest by its URI and by the digest of its authentication
    /// wrapper.
    ///
    /// The URI of a manifest that has none is empty: the specification has no form for that case.
    #[must_use]
    pub const fn new(uri: &'a str, digest: Digest<'a>) -> Self {
        Self { uri, digest }
    }

    /// Returns the reference of the manifest in an envelope.
    #[must_use]
    pub fn of(envelope: &Envelope<'a>, manifest: &Manifest<'a>) -> Self {
        let uri = manifest.reference_uri().unwrap_or_default();
        Self { uri, digest: envelope.authentication().digest() }
    }

    /// Reads a reference: an array of exactly two elements.
    ///
    /// # Errors
    ///
    /// [`Rule::ReferenceForm`], and those of digests.
    pub(super) fn read(raw: &Raw<'a>) -> Result<Self, Error> {
        let array = Array::new(raw).breaks(Rule::ReferenceForm)?;
        let [uri, digest] = array.exactly().map_err(|_| {
            Error::malformed(Rule::ReferenceForm, Fact::Count(array.len()), raw.offset())
        })?;
        let uri = uri.read(Reader::text).breaks(Rule::ReferenceForm)?;
        Ok(Self { uri, digest: digest::read(&digest)? })
    }

    /// Returns the reference URI of the manifest, empty if it has none.
    #[must_use]
    pub const fn uri(&self) -> &'a str {
        self.uri
    }

    /// Returns the digest that the authentication wrapper of the manifest states.
    #[must_use]
    pub const fn digest(&self) -> Digest<'a> {
        self.digest
    }

    /// Checks that the report names its manifest by a URI. Devices report on manifests that have
    /// none too, with an empty one, so this is no part of reading a report.
    ///
    /// # Errors
    ///
    /// [`Rule::ReferenceMatches`].
    pub fn check_uri(&self) -> Result<(), Error> {
        if self.uri.is_empty() { Err(another()) } else { Ok(()) }
    }

    /// Checks that the report is about this manifest: the digest is that of the wrapper, and the
    /// URI exactly that of the manifest. Records say nothing without the manifest that they belong
    /// to.
    ///
    /// # Errors
    ///
    /// [`Rule::ReferenceMatches`].
    pub fn check(&self, envelope: &Envelope<'_>, manifest: &Manifest<'_>) -> Result<(), Error> {
        let is_it = self.digest == envelope.authentication().digest()
            && self.uri == manifest.reference_uri().unwrap_or_default();
        if is_it { Ok(()) } else { Err(another()) }
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.array(2).text(self.uri);
        digest::write(&self.digest, writer);
    }
}

const fn another() -> Error {
    Error::new(ErrorKind::Policy(Rule::ReferenceMatches))
}
