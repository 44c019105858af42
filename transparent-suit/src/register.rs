//! Registering releases at a transparency service (docs/transparent-suit.md 6).

mod governed;

use core::fmt;

use cose_ext::{Context, Input, Label, Processed, header::ContentType, key::KeyResolver};
use scitt_core::{
    EntryId, Log, RegistrationPolicy, Requirements, ServiceError, SignedStatement,
    TransparencyService,
};

use crate::{
    Error, FirmwarePolicy, FirmwareRegistry, Rule, issuer, profile,
    release::{Release, is_of_typ, is_suit_digest, manifest_in},
};

/// Says whose releases a service registers, where no registered policy says so.
#[derive(Clone, Copy)]
pub struct Registrars<'r> {
    /// Keys in the firmware role, each enrolled for its issuer.
    pub firmware: &'r dyn KeyResolver,
    /// `typ` of this profile.
    pub typ: ContentType<'r>,
}

impl<'r> Registrars<'r> {
    /// Registers what `firmware` keys sign.
    pub const fn new(firmware: &'r dyn KeyResolver) -> Self {
        Self { firmware, typ: profile::TYP }
    }

    /// Returns these registrars for another `typ`.
    #[must_use]
    pub const fn with_typ(mut self, typ: ContentType<'r>) -> Self {
        self.typ = typ;
        self
    }
}

impl FirmwareRegistry {
    /// Registers a release: `submission` is the statement with its manifest in the unprotected
    /// header ([`SignedBlock::submission`](crate::SignedBlock::submission)). `at` is the time, in
    /// seconds since 1970-01-01T00:00Z.
    ///
    /// A release that is registered gets its entry again, whatever the signature over it.
    ///
    /// # Errors
    ///
    /// [`RegisterError::Refused`] with [`Rule::TypStated`] and the other rules of the header,
    /// [`Rule::FirmwareKey`], [`Rule::IssuerEnrolled`], [`Rule::ManifestHandedOver`],
    /// [`Rule::SequenceAgrees`], [`Rule::SubjectIsClass`], [`Rule::SequenceGrows`],
    /// [`Rule::OneDigest`]; nothing has changed then. Those of the service.
    pub fn register<L: Log>(
        &mut self,
        service: &mut TransparencyService<L>,
        submission: &[u8],
        at: i64,
        registrars: &Registrars<'_>,
        context: &Context<'_>,
    ) -> Result<EntryId, RegisterError<L::Error>> {
        let statement =
            SignedStatement::decode(submission, &context.profile).map_err(Error::from)?;
        let input = Input::embedded().with_processed(Processed::new(&[Label::TYP]));
        let payload = statement.message().danger_unverified_payload_of(&input);
        let payload = payload.map_err(Error::from)?;
        context.begin(submission.len(), |context| {
            let manifest = manifest_in(statement.message().headers().unprotected())?;
            let protected = statement.message().headers().protected();
            let release = Release::examine(protected, payload, manifest, registrars.typ, context)?;
            let verify = |keys: &dyn KeyResolver| {
                statement.verify(&input, keys, Requirements::Rfc9943, context).map(drop)
            };
            let why =
                |error| issuer::refusal(error, registrars.firmware, |keys| verify(keys).is_ok());
            if let Some(known) = self.decide(&release)?
                && let Some(entry) = service.entry(known)
            {
                // Whoever asks has to have signed it, too.
                verify(registrars.firmware).map_err(|error| why(error.into()))?;
                return Ok(entry);
            }
            let policy = FirmwarePolicy {
                firmware: registrars.firmware,
                registry: self,
                others: None,
                typ: registrars.typ,
            };
            let entry = service.register(submission, &input, at, &policy, context);
            let entry = entry.map_err(|error| match error {
                ServiceError::Refused(error) => RegisterError::Refused(why(error.into())),
                other => RegisterError::Service(other),
            })?;
            self.record(&release, entry.index());
            Ok(entry)
        })
    }

    /// Registers a statement of another typ by `policy`; the numbers of this profile are not asked
    /// about.
    ///
    /// # Errors
    ///
    /// [`Rule::ThisTypOnly`] for a statement of this typ, which [`register`](Self::register) takes;
    /// [`Rule::WithdrawalApart`] if its payload is a SUIT_Digest, since a plain processor takes it
    /// for an authorization; those of the service.
    pub fn register_other<L: Log>(
        &self,
        service: &mut TransparencyService<L>,
        submission: &[u8],
        at: i64,
        policy: &dyn RegistrationPolicy,
        context: &Context<'_>,
    ) -> Result<EntryId, RegisterError<L::Error>> {
        let statement =
            SignedStatement::decode(submission, &context.profile).map_err(Error::from)?;
        let protected = statement.message().headers().protected();
        if is_of_typ(protected, profile::TYP) {
            return Err(Error::refused(Rule::ThisTypOnly).into());
        }
        let payload = statement.message().danger_unverified_payload();
        if payload.is_some_and(|payload| is_suit_digest(payload, &context.profile)) {
            return Err(Error::refused(Rule::WithdrawalApart).into());
        }
        service
            .register(submission, &Input::embedded(), at, policy, context)
            .map_err(RegisterError::Service)
    }
}

/// Why a release was not registered. `E` is the log's error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterError<E> {
    /// It is refused. Nothing has changed.
    Refused(Error),
    /// The service refuses it for a reason of its own, or its log failed.
    Service(ServiceError<E>),
}

impl<E> RegisterError<E> {
    /// Returns why the release is refused; `None` where the service or its log is to blame.
    pub const fn refusal(&self) -> Option<&Error> {
        match self {
            Self::Refused(error) => Some(error),
            Self::Service(_) => None,
        }
    }
}

impl<E> From<Error> for RegisterError<E> {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl<E: fmt::Display> fmt::Display for RegisterError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => fmt::Display::fmt(error, f),
            Self::Service(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for RegisterError<E> {}

impl fmt::Debug for Registrars<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registrars").field("typ", &self.typ).finish_non_exhaustive()
    }
}
