//! Relying parties.

use cose_ext::{Context, Input, Verified, cwt::Time, key::KeyResolver};
use merkle_proof::cose::{Receipt, ReceiptReading};

use crate::{
    Error, ErrorKind, Included, Limits, LoggedStatement, ReceiptRules, Requirements, Rule,
    SignedStatement, Statement, StatementEntries, Transparent, TransparentStatement,
    TrustedService, found::Found, header_facts::ReadFacts, receipt::ReadReceipt,
    transparent::Leniency,
};

/// A relying party (RFC 9943 7.1): whom it believes as issuers, whom as services, and how many of
/// them it asks for.
#[derive(Clone, Copy)]
pub struct Verifier<'v> {
    /// Keys of issuers. Service keys are not among them unless they are enrolled here too.
    pub issuers: &'v dyn KeyResolver,
    /// Services. Entries of one name are one service, however many keys and issuers it has.
    pub services: &'v [TrustedService<'v>],
    /// How many distinct services have to have logged a statement; at least one is asked for.
    pub required: usize,
    /// How much of RFC 9943 is asked of headers.
    pub requirements: Requirements,
    /// How receipts are read where the specifications leave room.
    pub reading: ReceiptReading<'v>,
    /// How many receipts are looked at.
    pub limits: Limits,
    /// When: statements that are expired or not yet valid then are refused. `None`: not compared.
    pub time: Option<Time>,
    /// Whether the signature of the statement is checked, too.
    pub signature: StatementSignature,
}

/// Whether a relying party checks the signature of a statement, or relies on the service for that
/// (RFC 9943 7.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatementSignature {
    /// It is checked.
    #[default]
    Required,
    /// It is checked where a key of the issuer is enrolled. Where none is, the service is relied
    /// on.
    WhereEnrolled,
    /// The service is relied on.
    LeftToService,
}

/// What [`Verifier::judge`] found out.
#[derive(Clone, Copy, Debug)]
#[must_use]
#[allow(clippy::large_enum_variant, reason = "there is no heap to box it on")]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum Judged<'a> {
    /// Signed and logged.
    Transparent(Transparent<'a>),
    /// Logged. Whether its issuer signed it was not checked.
    Included(Included<'a, LoggedStatement<'a>>),
}

/// What became of one receipt of a statement.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ReceiptReport<'v> {
    /// Which receipt, from zero.
    pub index: usize,
    /// Where it starts in the statement, in bytes.
    pub offset: usize,
    /// The service that it counted for, or why it did not count.
    pub outcome: Result<&'v str, Error>,
}

/// Which services have logged the statement, one bit each.
#[derive(Default)]
struct Services {
    bits: [u64; 4],
}

impl Services {
    const MOST: usize = 256;

    /// Whether the service was not counted before.
    fn insert(&mut self, index: usize) -> bool {
        let (word, bit) = (index / 64, index % 64);
        let mask = u32::try_from(bit).ok().and_then(|bit| 1_u64.checked_shl(bit)).unwrap_or(0);
        self.bits.get_mut(word).is_some_and(|word| {
            let is_new = *word & mask == 0;
            *word |= mask;
            is_new
        })
    }
}

/// What the receipts came to.
struct Tally<'a> {
    found: Found<'a, 'a>,
    services: usize,
    /// Some receipt that counts does not meet RFC 9943.
    is_lenient: bool,
    worst: Option<Error>,
}

/// What was found out of one statement. It stands in one place, because it is large.
struct Checked<'a> {
    signed: Option<Verified<Statement<'a, 'a>>>,
    tally: Tally<'a>,
}

impl Checked<'_> {
    /// No constant: a copy of one is written word by word, of this only what tells that there is
    /// nothing.
    const fn nothing() -> Self {
        Self { signed: None, tally: Tally::nothing() }
    }
}

impl<'v> Verifier<'v> {
    /// Believes `issuers` and `services`, asks for one receipt and for all of RFC 9943.
    pub const fn new(issuers: &'v dyn KeyResolver, services: &'v [TrustedService<'v>]) -> Self {
        Self {
            issuers,
            services,
            required: 1,
            requirements: Requirements::Rfc9943,
            reading: ReceiptReading::DEFAULT,
            limits: Limits::DEFAULT,
            time: None,
            signature: StatementSignature::Required,
        }
    }

    /// Returns this verifier for that time.
    #[must_use]
    pub const fn at(mut self, time: Time) -> Self {
        self.time = Some(time);
        self
    }

    /// Sets whether [`judge`](Self::judge) checks the signature of the statement.
    #[must_use]
    pub const fn with_signature(mut self, signature: StatementSignature) -> Self {
        self.signature = signature;
        self
    }

    /// Returns this verifier asking for `required` distinct services.
    #[must_use]
    pub const fn requiring(mut self, required: usize) -> Self {
        self.required = required;
        self
    }

    /// Returns this verifier with other requirements.
    #[must_use]
    pub const fn with_requirements(mut self, requirements: Requirements) -> Self {
        self.requirements = requirements;
        self
    }

    /// Returns this verifier with another reading of receipts.
    #[must_use]
    pub const fn with_reading(mut self, reading: ReceiptReading<'v>) -> Self {
        self.reading = reading;
        self
    }

    /// Sets how many receipts are looked at.
    #[must_use]
    pub const fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Checks that the issuer signed the statement and that enough trusted services logged it.
    ///
    /// # Errors
    ///
    /// [`Error::verdict`] tells broken, not evaluated and refused apart.
    pub fn verify<'a>(
        &self,
        statement: &TransparentStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
    ) -> Result<Transparent<'a>, Error> {
        self.verify_reporting(statement, input, context, &mut |_| {})
    }

    /// Verifies as [`verify`](Self::verify) does, and tells `report` the result of each receipt.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify).
    pub fn verify_reporting<'a>(
        &self,
        statement: &TransparentStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
        report: &mut dyn FnMut(ReceiptReport<'v>),
    ) -> Result<Transparent<'a>, Error> {
        self.metered(statement, input, context, |context| {
            let facts = statement.statement().read_facts();
            self.verify_read(&facts, statement, input, context, report)
        })
    }

    /// Verifies as [`verify`](Self::verify) does, and calls `then` with the statement if it is
    /// transparent. A [`Transparent`] is large: on a device with little stack there is then none
    /// while signatures are checked.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); `then` is not called.
    pub fn verify_then<'a>(
        &self,
        statement: &TransparentStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
        then: &mut dyn FnMut(&Transparent<'a>),
    ) -> Result<(), Error> {
        let mut checked = Checked::nothing();
        self.metered(statement, input, context, |context| {
            self.check_statement(statement.statement(), input, context, &mut checked)?;
            self.tally(statement, input, context, &mut |_| {}, &mut checked.tally)
        })?;
        self.show(statement.statement(), &checked, then)
    }

    #[inline(never)]
    fn show<'a>(
        &self,
        statement: &SignedStatement<'a>,
        checked: &Checked<'a>,
        then: &mut dyn FnMut(&Transparent<'a>),
    ) -> Result<(), Error> {
        // Matched where it is made: it is large.
        match &self.transparent(statement, checked) {
            Ok(transparent) => {
                then(transparent);
                Ok(())
            }
            Err(error) => Err(*error),
        }
    }

    #[inline(never)] // So that its frame has ended before receipts are looked at.
    fn check_statement<'a>(
        &self,
        statement: &SignedStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
        checked: &mut Checked<'a>,
    ) -> Result<(), Error> {
        self.check_signature(&statement.read_facts(), statement, input, context, checked)
    }

    #[inline(never)] // What a caller holds is not in this frame.
    fn verify_read<'a>(
        &self,
        facts: &ReadFacts<'a>,
        statement: &TransparentStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
        report: &mut dyn FnMut(ReceiptReport<'v>),
    ) -> Result<Transparent<'a>, Error> {
        let mut checked = Checked::nothing();
        self.check(facts, statement, input, context, report, &mut checked)?;
        self.transparent(statement.statement(), &checked)
    }

    fn check<'a>(
        &self,
        facts: &ReadFacts<'a>,
        statement: &TransparentStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
        report: &mut dyn FnMut(ReceiptReport<'v>),
        checked: &mut Checked<'a>,
    ) -> Result<(), Error> {
        self.check_signature(facts, statement.statement(), input, context, checked)?;
        self.tally(statement, input, context, report, &mut checked.tally)
    }

    #[inline(never)] // So that its frame has ended before receipts are looked at.
    fn check_signature<'a>(
        &self,
        facts: &ReadFacts<'a>,
        statement: &SignedStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
        checked: &mut Checked<'a>,
    ) -> Result<(), Error> {
        let asked = (self.issuers, self.requirements);
        statement.verify_read_then(facts, input, asked, context, &mut |signed| {
            checked.signed = Some(*signed);
        })?;
        self.check_time(facts)
    }

    #[inline(never)] // What it copies is not on the stack while signatures are checked.
    fn transparent<'a>(
        &self,
        statement: &SignedStatement<'a>,
        checked: &Checked<'a>,
    ) -> Result<Transparent<'a>, Error> {
        let Checked { signed: Some(signed), tally } = checked else {
            return Err(Error::refused(Rule::StatementSignature));
        };
        let unmet = signed.value().unmet_requirements(statement).next().is_some();
        let leniency = Leniency {
            is_lenient: tally.is_lenient || unmet,
            is_valid_in_time: self.time.is_some(),
            notes: tally.found.notes,
        };
        let included = tally.enough(self.required)?;
        Ok(Transparent::new(*signed, *included, tally.services, leniency))
    }

    /// Checks only that enough trusted services logged the statement; whether its issuer signed it
    /// is not checked (RFC 9943 7.1 lets a relying party rely on the service for that). What `crit`
    /// of the statement names has to be processed all the same.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); [`Rule::PayloadBound`] where the log binds the payload only
    /// through the signature that is skipped here.
    pub fn verify_inclusion_only<'a>(
        &self,
        statement: &TransparentStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
    ) -> Result<Included<'a, LoggedStatement<'a>>, Error> {
        self.metered(statement, input, context, |context| {
            self.include_read(&statement.statement().read_facts(), statement, input, context)
        })
    }

    fn include_read<'a>(
        &self,
        facts: &ReadFacts<'a>,
        statement: &TransparentStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
    ) -> Result<Included<'a, LoggedStatement<'a>>, Error> {
        statement.statement().check_header(facts, input, self.requirements, context)?;
        self.check_time(facts)?;
        let mut tally = Tally::nothing();
        self.tally(statement, input, context, &mut |_| {}, &mut tally)?;
        let included = tally.enough(self.required)?;
        match included.value().payload() {
            Some(_) => Ok(*included),
            None => Err(Error::refused(Rule::PayloadBound)),
        }
    }

    /// Checks what [`signature`](Self::signature) asks for: as [`verify`](Self::verify), or as
    /// [`verify_inclusion_only`](Self::verify_inclusion_only).
    ///
    /// # Errors
    ///
    /// Those of both.
    pub fn judge<'a>(
        &self,
        statement: &TransparentStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
    ) -> Result<Judged<'a>, Error> {
        if self.signature == StatementSignature::LeftToService {
            return self.verify_inclusion_only(statement, input, context).map(Judged::Included);
        }
        self.metered(statement, input, context, |context| {
            let facts = statement.statement().read_facts();
            let verified = self.verify_read(&facts, statement, input, context, &mut |_| {});
            match verified {
                Err(error)
                    if self.signature == StatementSignature::WhereEnrolled
                        && error.is_not_enrolled() =>
                {
                    self.include_read(&facts, statement, input, context).map(Judged::Included)
                }
                verified => verified.map(Judged::Transparent),
            }
        })
    }

    /// Refuses a statement that is not valid at the time of this verifier.
    fn check_time(&self, facts: &ReadFacts<'_>) -> Result<(), Error> {
        self.time.map_or(Ok(()), |time| facts.value().check_time(time))
    }

    /// Runs `call` with one meter for the statement and all of its receipts.
    fn metered<'a, R>(
        &self,
        statement: &TransparentStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
        call: impl FnOnce(&Context<'_>) -> R,
    ) -> R {
        let len = statement.statement().message().bytes().len();
        context.begin(len.saturating_add(input.len()), call)
    }

    #[inline(never)] // What else a verification holds is not in this frame.
    fn tally<'a>(
        &self,
        statement: &TransparentStatement<'a>,
        input: &Input<'a, '_>,
        context: &Context<'_>,
        report: &mut dyn FnMut(ReceiptReport<'v>),
        tally: &mut Tally<'a>,
    ) -> Result<(), Error> {
        if self.services.len() > Services::MOST {
            return Err(Error::new(ErrorKind::TooManyServices));
        }
        // Matched where they are made: they are large.
        let mut entries = StatementEntries::new(statement.statement(), input);
        let entries = entries.as_mut().map_err(|error| *error)?;
        let mut counted = Services::default();
        for (index, (offset, receipt)) in statement.receipts().iter().enumerate() {
            if index >= self.limits.receipts {
                tally.note(Error::new(ErrorKind::TooManyReceipts));
                break;
            }
            let outcome = &self.find_service(entries, receipt, context, tally);
            let is_limit = self.add((index, offset), outcome, &mut counted, report, tally);
            if is_limit {
                break;
            }
        }
        Ok(())
    }

    /// Adds what became of the receipt with that index and offset to `tally`. Returns whether a
    /// limit was reached.
    #[inline(never)] // What it copies is not on the stack while signatures are checked.
    fn add(
        &self,
        (index, offset): (usize, usize),
        outcome: &Result<(usize, &'v str), Error>,
        counted: &mut Services,
        report: &mut dyn FnMut(ReceiptReport<'v>),
        tally: &mut Tally<'_>,
    ) -> bool {
        let outcome = outcome.map_err(|error| error.within(offset)).map(|(place, service)| {
            if counted.insert(self.party(place)) {
                tally.services = tally.services.saturating_add(1);
            }
            service
        });
        report(ReceiptReport { index, offset, outcome });
        let Err(error) = outcome else { return false };
        tally.note(error);
        error.is_limit()
    }

    /// The first entry of the service that stands at `place`.
    fn party(&self, place: usize) -> usize {
        let name = self.services.get(place).map(|service| service.name);
        self.services.iter().position(|service| Some(service.name) == name).unwrap_or(place)
    }

    /// The service that the receipt counts for, and where it stands.
    #[inline(never)] // What it holds is one receipt's.
    fn find_service<'a>(
        &self,
        entries: &mut StatementEntries<'a>,
        receipt: &'a [u8],
        context: &Context<'_>,
        tally: &mut Tally<'a>,
    ) -> Result<(usize, &'v str), Error> {
        // Matched where it is made: it is large.
        let receipt = &Receipt::decode(receipt, &context.profile);
        let receipt = receipt.as_ref().map_err(|error| Error::from(*error))?;
        let receipt = ReadReceipt::new(receipt);
        let rules = ReceiptRules { reading: self.reading, requirements: self.requirements };
        let mut refused = Error::refused(Rule::ReceiptTrusted);
        for (place, service) in self.services.iter().enumerate() {
            let found = &mut tally.found;
            let found = &mut |of: &_, rule: &_, root: &_| found.add(of, rule, root);
            if service.verify_receipt(entries, &receipt, &rules, context, &mut refused, found) {
                tally.is_lenient |= receipt.unmet_requirements().next().is_some();
                return Ok((place, service.name));
            }
            if refused.is_limit() {
                break;
            }
        }
        Err(refused)
    }
}

impl<'a> Tally<'a> {
    const fn nothing() -> Self {
        Self { found: Found::nothing(), services: 0, is_lenient: false, worst: None }
    }

    fn note(&mut self, error: Error) {
        self.worst = Some(self.worst.map_or(error, |worst| worst.more_specific(error)));
    }

    fn enough(&self, required: usize) -> Result<&Included<'a, LoggedStatement<'a>>, Error> {
        match (&self.found.first, self.worst) {
            (Some(included), _) if self.services >= required => Ok(included),
            // The receipts that were not looked at may have been by the services that are missing.
            (Some(_), Some(worst)) if worst.is_limit() => Err(worst),
            (Some(_), _) => Err(Error::refused(Rule::DistinctServices)),
            (None, worst) => Err(worst.unwrap_or(Error::refused(Rule::ReceiptTrusted))),
        }
    }
}
