//! Trust by certification paths.

use core::{fmt, ops::ControlFlow};

use super::{
    PathRequest, PathValidator, TrustAnchor, ValidatedPath,
    end_entity::{EndEntity, Source},
    path::MALFORMED,
};
use crate::{
    Context, Error, Limits, Notes,
    crypto::{Algorithm, PublicKey},
    cwt::Time,
    error::{ErrorKind, Policy, Unsupported},
    header::{ArrayOfOne, Headers, Label},
    key::{Candidate, CandidateKey, Identity, KeyHint, KeyOrigin, KeyResolver, Thumbprint},
};

/// Trusts signers whose certificates lead to a trust anchor: `x5chain`, or `x5bag` with `x5t`
/// (RFC 9360 2).
///
/// The identity is the thumbprint of the end entity's key (RFC 9679), so that another certificate
/// for the same key changes nothing; names are not taken from certificates, unless by
/// [`by_subject`](Self::by_subject).
#[derive(Clone, Copy)]
pub struct CertificationPaths<'a> {
    validator: &'a dyn PathValidator,
    anchors: &'a [TrustAnchor<'a>],
    time: Option<Time>,
    limits: Limits,
    naming: Naming,
    unprotected: Unprotected,
    source: Source<'a>,
}

#[derive(Clone, Copy)]
enum Naming {
    Key,
    Subject,
}

/// Certificates that the signature does not cover.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unprotected {
    Accepted,
    Refused,
}

/// A sequence of nothing.
const EMPTY_NAME: &[u8] = b"\x30\x00";

impl<'a> CertificationPaths<'a> {
    /// Accepts paths that `validator` finds to `anchors`, valid at `time`.
    ///
    /// Without a time their validity is not checked, and [`path`](Self::path) reports that.
    pub const fn new(
        validator: &'a dyn PathValidator,
        anchors: &'a [TrustAnchor<'a>],
        time: Option<Time>,
    ) -> Self {
        let limits = Limits::DEFAULT;
        let (naming, unprotected) = (Naming::Key, Unprotected::Accepted);
        let source = Source::STANDARD;
        Self { validator, anchors, time, limits, naming, unprotected, source }
    }

    /// Looks for the chain under `label` in place of `x5chain`: some formats have it under a text
    /// label.
    #[must_use]
    pub const fn under_label(mut self, label: Label<'a>) -> Self {
        let array_of_one = match self.source {
            Source::Headers { array_of_one, .. } => array_of_one,
            Source::Named { .. } => ArrayOfOne::Refused,
        };
        self.source = Source::Headers { chain: label, array_of_one };
        self
    }

    /// Accepts one certificate in an array, as some signers send it against RFC 9360 2, and the
    /// result notes it: [`Notes::ARRAY_OF_ONE_CERTIFICATE`]. For certificates of headers; of others
    /// it changes nothing.
    #[must_use]
    pub const fn accepting_an_array_of_one(mut self) -> Self {
        if let Source::Headers { chain, .. } = self.source {
            self.source = Source::Headers { chain, array_of_one: ArrayOfOne::Accepted };
        }
        self
    }

    /// Takes the certificates from the caller and not from the headers: they stand in the payload,
    /// in a voucher, or in a file. The caller is responsible for where they come from; under
    /// [`by_subject`](Self::by_subject) that has to be a place that the signature covers, or that
    /// nobody else writes to. An `x5t` of the header has to be one of `end_entity`.
    #[must_use]
    pub const fn with_certificates(mut self, end_entity: &'a [u8], others: &'a [&'a [u8]]) -> Self {
        self.source = Source::Named { end_entity, others };
        self
    }

    /// Returns these paths for certificates that the signature covers: in a protected `x5chain`, or
    /// identified by a protected `x5t`. RFC 9360 5 requires it so where authorities may not ask for
    /// proof of possession; with identities of keys nothing depends on it.
    #[must_use]
    pub const fn protected_only(mut self) -> Self {
        self.unprotected = Unprotected::Refused;
        self
    }

    /// Returns these paths with other limits.
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Returns these paths with identities of subjects: of the anchor's name and key and the
    /// subject's name, as [`subject_identity`](Self::subject_identity) makes it. It outlives the
    /// subject's keys.
    ///
    /// It asks for a signature that covers every certificate of the message, intermediates too:
    /// else whoever carries the message chooses between cross-certified authorities, and so between
    /// identities. The authorities below the anchors must not give one name to two subjects.
    #[must_use]
    pub const fn by_subject(mut self) -> Self {
        self.naming = Naming::Subject;
        self.protected_only()
    }

    /// Returns the path that the certificates in `headers`, or those of the caller, make.
    ///
    /// `None` if they name no end entity.
    ///
    /// # Errors
    ///
    /// For malformed parameters, an `x5t` of another certificate, and those of
    /// [`PathValidator::validate`].
    pub fn path<'c>(
        &self,
        headers: &Headers<'c>,
        context: &Context<'_>,
    ) -> Result<Option<ValidatedPath<'c>>, Error>
    where
        'a: 'c,
    {
        Ok(self.noted_path(headers, context)?.map(|(path, _)| path))
    }

    /// The path, and what was accepted leniently on the way to it.
    fn noted_path<'c>(
        &self,
        headers: &Headers<'c>,
        context: &Context<'_>,
    ) -> Result<Option<(ValidatedPath<'c>, Notes)>, Error>
    where
        'a: 'c,
    {
        let limit = self.limits.certificates;
        let found = EndEntity::find(&self.source, headers, context, limit)?;
        let Some(end_entity) = found else {
            return Ok(None);
        };
        let notes = Notes::only_if(Notes::ARRAY_OF_ONE_CERTIFICATE, end_entity.is_array_of_one);
        let is_covered = match (self.unprotected, self.naming) {
            (_, Naming::Subject) => end_entity.is_protected && end_entity.others_are_protected,
            (Unprotected::Refused, Naming::Key) => end_entity.is_protected,
            (Unprotected::Accepted, Naming::Key) => true,
        };
        if !is_covered {
            return Err(Policy::UnprotectedCertificate.into());
        }
        let request = PathRequest {
            end_entity: end_entity.certificate,
            intermediates: end_entity.others(),
            anchors: self.anchors,
            time: self.time,
            limits: self.limits,
        };
        self.validator.validate(&request, context).map(|path| Some((path, notes)))
    }

    /// Computes the identity of a subject under [`by_subject`](Self::by_subject), to compare with.
    ///
    /// It is SHA-256 over a prefix, the anchor's Name and SubjectPublicKeyInfo, and the subject's
    /// Name, all in DER.
    ///
    /// # Errors
    ///
    /// If `provider` has no SHA-256.
    pub fn subject_identity(
        anchor: &TrustAnchor<'_>,
        subject: &[u8],
        context: &Context<'_>,
    ) -> Result<Identity, Error> {
        const PREFIX: &[u8] = b"cose-ext X.509 subject\0";
        let anchor = anchor.certificate();
        let parts = [PREFIX, anchor.subject(), anchor.public_key_info(), subject];
        let digest = context.hash(Algorithm::SHA256, &parts)?;
        let digest = digest.as_ref().try_into();
        digest.map(Identity::new).map_err(|_| Unsupported::Hash(Algorithm::SHA256).into())
    }

    fn identity(
        &self,
        path: &ValidatedPath<'_>,
        key: &PublicKey<'_>,
        context: &Context<'_>,
    ) -> Result<Identity, Error> {
        let subject = path.end_entity().subject();
        match self.naming {
            Naming::Key => Thumbprint::of(key, context.provider).map(Identity::from),
            Naming::Subject => match self.anchors.get(path.anchor()) {
                // An empty name would make one identity of many subjects.
                Some(anchor) if subject != EMPTY_NAME => {
                    Self::subject_identity(anchor, subject, context)
                }
                _ => Err(Error::from(Policy::UnprotectedCertificate)),
            },
        }
    }
}

fn public_key<'c>(
    path: &ValidatedPath<'c>,
    algorithm: Option<Algorithm>,
) -> Result<PublicKey<'c>, Error> {
    let key = match algorithm {
        Some(algorithm) => path.end_entity().public_key_for(algorithm),
        None => path.end_entity().public_key(),
    };
    key.map_err(|error| match error.kind() {
        ErrorKind::Malformed { .. } => MALFORMED,
        _ => error,
    })
}

impl KeyResolver for CertificationPaths<'_> {
    fn candidates(
        &self,
        hint: &KeyHint<'_>,
        context: &Context<'_>,
        each: &mut dyn FnMut(Candidate<'_>) -> ControlFlow<()>,
    ) {
        let found = self.noted_path(hint.headers(), context).and_then(|path| {
            let Some((path, notes)) = path else { return Ok(None) };
            let key = public_key(&path, hint.algorithm())?;
            let identity = self.identity(&path, &key, context)?;
            let origin = KeyOrigin::Path { valid_at: path.validity().second() };
            let key = CandidateKey::Data(key);
            Ok(Some(Candidate { key, identity, issuer: None, named: true, origin, notes }))
        });
        // One at most, so it does not matter whether more are wanted.
        let _ = match found {
            Ok(None) => ControlFlow::Continue(()),
            Ok(Some(candidate)) => each(candidate),
            Err(error) => each(Candidate::unusable(error)),
        };
    }
}

impl fmt::Debug for CertificationPaths<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificationPaths")
            .field("anchors", &self.anchors)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}
