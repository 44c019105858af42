//! A transparency service whose policy stands in its own log.

use cose_ext::{Context, Input, Work};

use crate::{
    AsyncLog, Bootstrap, Checked, EntryId, Evidence, Governance, Log, LogTree, ReceiptKey,
    ServiceError, Submitted, TransparencyService, ready::now,
};

/// A [`TransparencyService`] that registers what the policy in its own log says (RFC 9943 5.1.1),
/// and signs with the key that an offline root endorsed there.
///
/// ```
/// # #[cfg(feature = "rustcrypto")] {
/// use cose_ext::{Context, Input, crypto::Algorithm, header::ContentType};
/// use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
/// use scitt_core::*;
/// # let boss = P256SigningKey::from_bytes(&[1; 32])?;
/// # let maker = P256SigningKey::from_bytes(&[2; 32])?;
/// let (context, input, now) = (Context::new(&RustCrypto), Input::embedded(), 1_800_000_000);
/// let named = |issuer: &str, key: &P256SigningKey| {
///     PolicyIssuer::new(issuer).with_key(&key.public_key(), b"1", &context)
/// };
/// // Who may register, and who may change that.
/// let policy = Policy::new()
///     .administered_by(named("https://boss.example", &boss)?)
///     .registering(named("https://maker.example", &maker)?)
///     .with_rule(PolicyRule::new().subject("pkg:*"));
/// let key = ReceiptKey::new(b"log", Algorithm::ES256);
/// let service =
///     TransparencyService::in_memory(merkle_proof::Sha256Tree, "https://log.example", key);
/// let mut service = GovernedService::open(service, Bootstrap::FirstStatement, &context)?;
/// // The first statement is the policy itself, about this service.
/// let first = StatementBuilder::new("https://boss.example", "https://log.example")
///     .key_id(b"1")
///     .typ(ContentType::MediaType(Policy::TYP))
///     .sign(&policy.encode(), &boss)?;
/// assert_eq!(service.register(&first, &input, now, &context)?.index(), 0);
///
/// let about = |subject| StatementBuilder::new("https://maker.example", subject).key_id(b"1");
/// let good = about("pkg:generic/pump@1.2").sign(b"it pumps", &maker)?;
/// assert_eq!(service.register(&good, &input, now, &context)?.index(), 1);
/// let other = about("a pump").sign(b"it pumps", &maker)?;
/// let error = service.register(&other, &input, now, &context).unwrap_err();
/// assert!(error.to_string().contains("S31"));
/// # }
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
///
/// # State, invariant, cost
///
/// The governance is that of the log with the queue behind it: a policy that is queued decides
/// about what is queued after it, and both are committed together or not at all. Opening reads the
/// evidence of every entry once, since the policy is one of them.
#[derive(Clone, Debug)]
pub struct GovernedService<L> {
    service: TransparencyService<L>,
    /// As of the last commit.
    committed: Governance,
    governance: Governance,
}

impl<L: Log> GovernedService<L> {
    /// Takes up a log, which may be empty: reads which policy is in force and which key signs.
    ///
    /// # Errors
    ///
    /// Those of the log; if what it kept is not a policy.
    pub fn open(
        service: TransparencyService<L>,
        bootstrap: Bootstrap,
        context: &Context<'_>,
    ) -> Result<Self, ServiceError<L::Error>> {
        now(Self::open_async(service, bootstrap, context))
    }

    /// Checks a statement under the policy in force and queues it. `at` is the time, in seconds
    /// since 1970-01-01T00:00Z.
    ///
    /// # Errors
    ///
    /// As [`TransparencyService::submit`].
    pub fn submit(
        &mut self,
        statement: &[u8],
        input: &Input<'_, '_>,
        at: i64,
        context: &Context<'_>,
    ) -> Result<Submitted, ServiceError<L::Error>> {
        now(self.submit_async(statement, input, at, context))
    }

    /// Queues a statement that the registrar has checked under [`governance`](Self::governance) as
    /// it is now, and takes notice of it.
    ///
    /// # Errors
    ///
    /// As [`TransparencyService::accept`].
    pub fn accept(
        &mut self,
        checked: Checked,
        context: &Context<'_>,
    ) -> Result<Submitted, ServiceError<L::Error>> {
        now(self.accept_async(checked, context))
    }

    /// Appends all that is queued, as one batch, and from then on signs with the key that was
    /// endorsed last. Returns how many entries that were.
    ///
    /// # Errors
    ///
    /// As [`TransparencyService::commit`].
    pub fn commit(&mut self) -> Result<usize, ServiceError<L::Error>> {
        now(self.commit_async())
    }

    /// Registers one statement: [`submit`](Self::submit), then [`commit`](Self::commit).
    ///
    /// # Errors
    ///
    /// Those of both.
    pub fn register(
        &mut self,
        statement: &[u8],
        input: &Input<'_, '_>,
        at: i64,
        context: &Context<'_>,
    ) -> Result<EntryId, ServiceError<L::Error>> {
        now(self.register_async(statement, input, at, context))
    }

    /// Erases what an entry stands for: statement, payload, collateral. The leaf stays, and with it
    /// every proof and receipt; an audit says that it was withheld. Returns whether there was
    /// something.
    ///
    /// # Errors
    ///
    /// If the entry is a policy, or endorses a key: what follows in the log rests on it. Those of
    /// the log.
    pub fn erase(
        &mut self,
        entry: EntryId,
        context: &Context<'_>,
    ) -> Result<bool, ServiceError<L::Error>> {
        now(self.erase_async(entry, context))
    }
}

impl<L: AsyncLog> GovernedService<L> {
    /// Takes up a log as [`open`](Self::open) does, one that may have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn open_async(
        service: TransparencyService<L>,
        bootstrap: Bootstrap,
        context: &Context<'_>,
    ) -> Result<Self, ServiceError<L::Error>> {
        let mut service = service;
        let mut governance = Governance::new(service.issuer(), bootstrap);
        for index in 0..service.size() {
            let evidence = service.log().evidence_async(index).await;
            let Some(evidence) = evidence.map_err(ServiceError::Log)? else { continue };
            governance.take_up(index, &evidence, context)?;
        }
        for key in governance.endorsed_keys() {
            service.rotate_at(key.key.clone(), key.since);
        }
        Ok(Self { service, committed: governance.clone(), governance })
    }

    /// Submits as [`submit`](Self::submit) does, to a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`submit`](Self::submit).
    pub async fn submit_async(
        &mut self,
        statement: &[u8],
        input: &Input<'_, '_>,
        at: i64,
        context: &Context<'_>,
    ) -> Result<Submitted, ServiceError<L::Error>> {
        // As `Context::begin`, which runs a call and waits for nothing.
        let len = statement.len().saturating_add(input.len());
        let work = Work::new(&context.profile.limits, len);
        let context = &Context { work: Some(context.work.unwrap_or(&work)), ..*context };
        let received = self.service.registrar().receive(statement, input, context)?;
        if let Some(known) = self.service.resubmitted_async(&received, context).await? {
            return Ok(known);
        }
        let registrar = self.service.registrar();
        let checked = registrar.check(&received, at, &self.governance, context)?;
        self.accept_async(checked, context).await
    }

    /// Queues as [`accept`](Self::accept) does, beside a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`accept`](Self::accept).
    pub async fn accept_async(
        &mut self,
        checked: Checked,
        context: &Context<'_>,
    ) -> Result<Submitted, ServiceError<L::Error>> {
        let notice = checked.clone();
        let submitted = self.service.accept_async(checked, context).await?;
        if let Submitted::Queued(entry) = submitted {
            self.governance.take_notice(entry.index(), &notice, context)?;
        }
        Ok(submitted)
    }

    /// Commits as [`commit`](Self::commit) does, to a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`commit`](Self::commit).
    pub async fn commit_async(&mut self) -> Result<usize, ServiceError<L::Error>> {
        let count = match self.service.commit_async().await {
            Ok(count) => count,
            Err(error) => {
                self.governance = self.committed.clone();
                return Err(error);
            }
        };
        let known = self.committed.endorsed_keys().len();
        for key in self.governance.endorsed_keys().iter().skip(known) {
            self.service.rotate_at(key.key.clone(), key.since);
        }
        self.committed = self.governance.clone();
        Ok(count)
    }

    /// Registers as [`register`](Self::register) does, in a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`register`](Self::register).
    pub async fn register_async(
        &mut self,
        statement: &[u8],
        input: &Input<'_, '_>,
        at: i64,
        context: &Context<'_>,
    ) -> Result<EntryId, ServiceError<L::Error>> {
        let submitted = self.submit_async(statement, input, at, context).await?;
        self.commit_async().await?;
        Ok(submitted.entry())
    }

    /// Erases as [`erase`](Self::erase) does, in a log that may have to be waited for.
    ///
    /// # Errors
    ///
    /// As [`erase`](Self::erase).
    pub async fn erase_async(
        &mut self,
        entry: EntryId,
        context: &Context<'_>,
    ) -> Result<bool, ServiceError<L::Error>> {
        let index = entry.index();
        let evidence = self.service.log().evidence_async(index).await;
        let Some(evidence) = evidence.map_err(ServiceError::Log)? else { return Ok(false) };
        if self.governance.clone().take_up(index, &evidence, context)? {
            return Err(crate::ErrorKind::Governs.into());
        }
        self.service.log_mut().erase_async(index).await.map_err(ServiceError::Log)
    }
}

impl<L: LogTree> GovernedService<L> {
    /// Returns what governs: the log, and what is queued.
    pub const fn governance(&self) -> &Governance {
        &self.governance
    }

    /// Returns the key that signs the log as it is now.
    pub fn receipt_key(&self) -> Option<&ReceiptKey> {
        self.service.keys().last().map(|key| &key.key)
    }

    /// Returns the service: receipts, heads, statements.
    pub const fn service(&self) -> &TransparencyService<L> {
        &self.service
    }

    /// Returns the service, to take signatures.
    pub const fn service_mut(&mut self) -> &mut TransparencyService<L> {
        &mut self.service
    }
}

impl Governance {
    /// Takes notice of an entry that is in the log, without deciding about it again.
    pub(crate) fn take_up(
        &mut self,
        index: u64,
        evidence: &[u8],
        context: &Context<'_>,
    ) -> Result<bool, crate::Error> {
        let evidence = Evidence::decode(evidence, &context.profile)?;
        self.take_notice_of(index, &evidence, context)
    }
}
