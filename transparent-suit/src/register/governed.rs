//! Registering releases at a service whose policy stands in its own log.

use cose_ext::{Context, Input, Label, Processed, header::ContentType};
use scitt_core::{EntryId, GovernedService, Log, SignedStatement};

use super::RegisterError;
use crate::{
    Error, FirmwareRegistry, Rule,
    release::{Release, is_of_typ, is_suit_digest, manifest_in},
};

impl FirmwareRegistry {
    /// Registers a release at a service whose registered policy says whose keys sign releases:
    /// those of its issuers that its rules let make statements of `typ`. `submission` is the
    /// statement with its manifest in the unprotected header
    /// ([`SignedBlock::submission`](crate::SignedBlock::submission)), `at` the time in seconds
    /// since 1970-01-01T00:00Z.
    ///
    /// A release that is registered gets its entry again, whatever the signature over it.
    ///
    /// # Errors
    ///
    /// [`RegisterError::Refused`] with the rules of the header, [`Rule::ManifestHandedOver`],
    /// [`Rule::SequenceAgrees`], [`Rule::SubjectIsClass`], [`Rule::SequenceGrows`],
    /// [`Rule::OneDigest`]; [`RegisterError::Service`] if the policy in force refuses the
    /// statement, or the log fails. Nothing has changed then.
    pub fn register_governed<L: Log>(
        &mut self,
        service: &mut GovernedService<L>,
        submission: &[u8],
        at: i64,
        typ: ContentType<'_>,
        context: &Context<'_>,
    ) -> Result<EntryId, RegisterError<L::Error>> {
        let statement =
            SignedStatement::decode(submission, &context.profile).map_err(Error::from)?;
        let input = Input::embedded().with_processed(Processed::new(&[Label::TYP]));
        let payload = statement.message().danger_unverified_payload_of(&input);
        let payload = payload.map_err(Error::from)?;
        context.begin(submission.len(), |context| {
            let headers = statement.message().headers();
            let manifest = manifest_in(headers.unprotected())?;
            let release = Release::examine(headers.protected(), payload, manifest, typ, context)?;
            if let Some(known) = self.decide(&release)?
                && let Some(entry) = service.service().entry(known)
            {
                // Whoever asks has to be let in by the policy, too.
                let registrar = service.service().registrar();
                let _ = registrar
                    .receive(submission, &input, context)
                    .and_then(|it| registrar.check(&it, at, service.governance(), context))
                    .map_err(|error| RegisterError::Service(error.into()))?;
                return Ok(entry);
            }
            let entry = service
                .register(submission, &input, at, context)
                .map_err(RegisterError::Service)?;
            self.record(&release, entry.index());
            Ok(entry)
        })
    }

    /// Registers a statement of another typ than `typ`, or a policy, under the policy in force; the
    /// numbers of this profile are not asked about.
    ///
    /// # Errors
    ///
    /// As [`register_other`](Self::register_other).
    pub fn register_other_governed<L: Log>(
        &self,
        service: &mut GovernedService<L>,
        submission: &[u8],
        at: i64,
        typ: ContentType<'_>,
        context: &Context<'_>,
    ) -> Result<EntryId, RegisterError<L::Error>> {
        let statement =
            SignedStatement::decode(submission, &context.profile).map_err(Error::from)?;
        if is_of_typ(statement.message().headers().protected(), typ) {
            return Err(Error::refused(Rule::ThisTypOnly).into());
        }
        let payload = statement.message().danger_unverified_payload();
        if payload.is_some_and(|payload| is_suit_digest(payload, &context.profile)) {
            return Err(Error::refused(Rule::WithdrawalApart).into());
        }
        service
            .register(submission, &Input::embedded(), at, context)
            .map_err(RegisterError::Service)
    }
}
