//! Signed statements.

use core::fmt;

use cose_ext::{
    Context, Digest, Input, IssuerBinding, Label, Notes, Processed, Profile, Sign1, Signed,
    Verified,
    crypto::Algorithm,
    cwt::Claims,
    error::Policy,
    header::{ContentType, HashEnvelope, Protected},
    key::KeyResolver,
};

use crate::{
    Error, Requirements, Rule,
    header_facts::{HeaderFacts, ReadFacts},
    requirements::{check_identifiers, unmet_by_statement},
};

/// A signed statement as it was received (RFC 9943 6): parsed, borrowed, untrusted. With receipts
/// in its unprotected header it is a [`TransparentStatement`](crate::TransparentStatement).
#[derive(Clone, Copy)]
pub struct SignedStatement<'a> {
    message: Sign1<'a>,
}

impl<'a> SignedStatement<'a> {
    /// Header parameters that verifying a statement processes; `crit` may name them.
    const PROCESSED: &'static [Label<'static>] = &[
        Label::CWT_CLAIMS,
        Label::X5T,
        Label::PAYLOAD_HASH_ALG,
        Label::PAYLOAD_PREIMAGE_CONTENT_TYPE,
        Label::PAYLOAD_LOCATION,
    ];

    /// Reads a statement that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// If it is not a COSE_Sign1, or is a receipt.
    #[inline(never)] // So that its frame has ended before a signature is checked.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let message = Sign1::decode(bytes, profile)?;
        match message.headers().protected().find(Label::VDS) {
            Some(vds) => Err(Error::broken(Rule::NotAReceipt, vds.offset())),
            None => Ok(Self { message }),
        }
    }

    /// Returns the statement as a COSE_Sign1.
    #[must_use]
    pub const fn message(&self) -> &Sign1<'a> {
        &self.message
    }

    /// Returns the requirements of RFC 9943 that the header does not meet.
    pub fn unmet_requirements(&self) -> impl Iterator<Item = Rule> + use<> {
        self.unmet_by(&self.read_facts())
    }

    /// Reads what the header says: once, for all that is checked before the signature and after.
    pub(crate) fn read_facts(&self) -> ReadFacts<'a> {
        self.message.headers().protected().facts(HeaderFacts::read)
    }

    fn unmet_by(&self, facts: &ReadFacts<'_>) -> impl Iterator<Item = Rule> + use<> {
        unmet_by_statement(self.message.is_tagged(), facts.value())
    }

    /// Checks the signature under one of the issuer's keys, and the header.
    ///
    /// A key that is enrolled for an issuer answers to statements of that issuer and to no others.
    /// Of one that is enrolled for no issuer in particular, `by().issuer()` says that nobody
    /// compared what the statement claims.
    ///
    /// # Errors
    ///
    /// If the signature is not the issuer's, a rule of the header is broken, the key is enrolled
    /// for an issuer and the statement claims none, or, under [`Requirements::Rfc9943`], a
    /// requirement is not met.
    pub fn verify<'p>(
        &self,
        input: &Input<'p, '_>,
        issuers: &dyn KeyResolver,
        requirements: Requirements,
        context: &Context<'_>,
    ) -> Result<Verified<Statement<'a, 'p>>, Error>
    where
        'a: 'p,
    {
        let len = self.message.bytes().len().saturating_add(input.len());
        context.begin(len, |context| {
            self.verify_read(&self.read_facts(), input, issuers, requirements, context)
        })
    }

    /// Verifies a statement whose header was read already; within the meter of `context`.
    pub(crate) fn verify_read<'p>(
        &self,
        facts: &ReadFacts<'a>,
        input: &Input<'p, '_>,
        issuers: &dyn KeyResolver,
        requirements: Requirements,
        context: &Context<'_>,
    ) -> Result<Verified<Statement<'a, 'p>>, Error>
    where
        'a: 'p,
    {
        let mut verified = None;
        self.verify_read_then(facts, input, (issuers, requirements), context, &mut |statement| {
            verified = Some(*statement);
        })?;
        verified.ok_or(Error::refused(Rule::StatementSignature))
    }

    /// Verifies as [`verify_read`](Self::verify_read) does, and shows the statement where it was
    /// read: there is none while the signature is checked.
    #[inline(never)] // So that its frame has ended before receipts are looked at.
    pub(crate) fn verify_read_then<'p>(
        &self,
        facts: &ReadFacts<'a>,
        input: &Input<'p, '_>,
        (issuers, requirements): (&dyn KeyResolver, Requirements),
        context: &Context<'_>,
        then: &mut dyn FnMut(&Verified<Statement<'a, 'p>>),
    ) -> Result<(), Error>
    where
        'a: 'p,
    {
        self.check_header(facts, input, requirements, context)?;
        let above = input.supplied().processed;
        let input = input.with_processed(Self::processed(&above));
        let mut shown = Ok(());
        // Matched where it is made.
        match &self.message.verify_then(&input, issuers, context, &mut |signed| {
            shown = show(signed, facts, then);
        }) {
            Ok(()) => shown,
            Err(error) => Err((*error).into()),
        }
    }

    /// What has to hold of the header whether or not the signature is checked.
    #[inline(never)] // So that its frame has ended before the signature is checked.
    pub(crate) fn check_header(
        &self,
        facts: &ReadFacts<'_>,
        input: &Input<'_, '_>,
        requirements: Requirements,
        context: &Context<'_>,
    ) -> Result<(), Error> {
        requirements.check(self.unmet_by(facts))?;
        check_identifiers(&self.message, context)?;
        Ok(self.message.check_critical(&Self::processed(&input.supplied().processed))?)
    }

    const fn processed<'x>(above: &'x Processed<'x>) -> Processed<'x> {
        Processed { labels: Self::PROCESSED, above: Some(above) }
    }
}

/// Shows `then` the statement that was signed.
#[inline(never)] // What it copies is not on the stack while the signature is checked.
fn show<'a, 'p>(
    signed: &Verified<Signed<'a, 'p>>,
    facts: &ReadFacts<'a>,
    then: &mut dyn FnMut(&Verified<Statement<'a, 'p>>),
) -> Result<(), Error> {
    if signed.by().issuer() == IssuerBinding::NotClaimed {
        return Err(cose_ext::Error::from(Policy::IssuerNotClaimed).into());
    }
    let statement = signed.with_facts(*facts)?.try_map(Statement::read)?;
    then(&if statement.value().facts.has_tagged_date {
        statement.noting(Notes::TAGGED_DATE)
    } else {
        statement
    });
    Ok(())
}

impl fmt::Debug for SignedStatement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.message, f)
    }
}

/// What an issuer signed. The readers give what the signature covers and nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a, 'p> {
    signed: Signed<'a, 'p>,
    facts: HeaderFacts<'a>,
    envelope: Option<HashEnvelope<'a>>,
}

impl<'a, 'p> Statement<'a, 'p> {
    /// A plain `fn` over what the signature covers, for `Verified::try_map`.
    fn read((signed, facts): (Signed<'a, 'p>, HeaderFacts<'a>)) -> Result<Self, Error> {
        let envelope = signed.hash_envelope()?;
        if let Some(envelope) = &envelope {
            envelope.digest(signed.payload())?;
        }
        match facts.fault {
            // Registered claims have their types, or the statement is broken.
            Some(fault) => Err(fault.into()),
            None => Ok(Self { signed, facts, envelope }),
        }
    }

    /// The requirements of RFC 9943 that the header of `statement`, which this is, does not meet.
    pub(crate) fn unmet_requirements(
        &self,
        statement: &SignedStatement<'_>,
    ) -> impl Iterator<Item = Rule> + use<> {
        unmet_by_statement(statement.message.is_tagged(), &self.facts)
    }

    pub(crate) const fn facts(&self) -> &HeaderFacts<'a> {
        &self.facts
    }

    /// Returns the protected header.
    #[must_use]
    pub const fn protected(&self) -> &Protected<'a> {
        self.signed.protected()
    }

    /// Returns the payload: the statement itself, or of a hash envelope the digest of it.
    #[must_use]
    pub const fn payload(&self) -> &'p [u8] {
        self.signed.payload()
    }

    /// Returns the claims. RFC 9943 6 requires them, lenient requirements do not.
    #[must_use]
    pub const fn claims(&self) -> Option<&Claims<'a>> {
        self.facts.claims.as_ref()
    }

    /// Returns `iss`, who makes the statement. `by().issuer()` says whether the key speaks for this
    /// issuer.
    #[must_use]
    pub const fn issuer(&self) -> Option<&'a str> {
        self.facts.issuer
    }

    /// Returns `sub`, what the statement is about.
    #[must_use]
    pub const fn subject(&self) -> Option<&'a str> {
        self.facts.subject
    }

    /// Returns the content type of the payload, or of a hash envelope that of the preimage.
    #[must_use]
    pub fn content_type(&self) -> Option<ContentType<'a>> {
        match &self.envelope {
            Some(envelope) => envelope.preimage_content_type,
            None => self.protected().content_type().ok().flatten(),
        }
    }

    /// Returns the hash envelope (RFC 9995), if the statement is one.
    #[must_use]
    pub const fn hash_envelope(&self) -> Option<&HashEnvelope<'a>> {
        self.envelope.as_ref()
    }

    /// Returns the digest that a hash envelope makes the statement about.
    ///
    /// A `Verified` one vouches for the artifact:
    /// `verified.try_map(Statement::digest)?.vouch_for(&[artifact], context)`.
    ///
    /// # Errors
    ///
    /// If the statement is not a hash envelope.
    pub fn digest(self) -> Result<Digest<'p>, Error> {
        Ok(self.signed.digest()?)
    }

    /// Returns the hash function of the envelope, if the statement is one.
    #[must_use]
    pub fn digest_algorithm(&self) -> Option<Algorithm> {
        self.envelope.map(|envelope| envelope.algorithm)
    }
}
