//! Who signed a message (sections 4.1.2 and 8.1).

use cose_ext::{
    Context, EmptyProtected, Error as CoseError, Input, Profile, Sign, Sign1, Signed, SignedBy,
    Verified, Work,
    cbor::{Item, Reader},
    crypto::{Algorithm, AlgorithmPolicy, Binding},
    error::{ErrorKind as CoseErrorKind, PathFault, Policy, Unsupported, Verification},
    key::{KeyResolver, Thumbprint},
    sign::{SignPolicy, Signers},
    tag,
};

use crate::{
    Error, ErrorKind, Message, MessageType, Numbering, Rule, Suite, cipher_suite::MOST_SUITES,
};

/// How a receiver checks the signature of a message.
#[derive(Clone, Copy)]
pub struct Protection<'k> {
    /// The numbering of the session.
    pub numbering: Numbering,
    /// The keys of the other role: a TAM gives those of its Agents, an Agent those of its TAMs.
    pub keys: &'k dyn KeyResolver,
    /// The suites that are accepted: one, once the session has chosen.
    pub suites: &'k [Suite],
    /// Which signatures of a COSE_Sign are looked at.
    pub signatures: Signatures,
    /// What of an empty protected header was signed: [`EmptyProtected::AsReceived`] for older peers
    /// that sign over `h'a0'`, and then the result notes it.
    pub empty_protected: EmptyProtected,
}

/// See [`Protection::signatures`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Signatures {
    /// As many as it takes to find a good one of an accepted suite.
    #[default]
    UntilOneIsGood,
    /// All of them; [`Opened::has_bad_signature`] tells of the others.
    Every,
}

impl<'k> Protection<'k> {
    /// Accepts signatures by `keys` under the two mandatory suites.
    pub const fn new(numbering: Numbering, keys: &'k dyn KeyResolver) -> Self {
        Self {
            numbering,
            keys,
            suites: Suite::MANDATORY,
            signatures: Signatures::UntilOneIsGood,
            empty_protected: EmptyProtected::ZeroLength,
        }
    }
}

impl core::fmt::Debug for Protection<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Protection")
            .field("numbering", &self.numbering)
            .field("suites", &self.suites)
            .finish_non_exhaustive()
    }
}

/// A message that a key of the other role signed.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Opened<'a> {
    message: Verified<Message<'a>, Signers>,
    suite: Suite,
    has_bad_signature: bool,
}

impl<'a> Opened<'a> {
    /// Returns the message with those who vouch for it.
    pub const fn message(&self) -> &Verified<Message<'a>, Signers> {
        &self.message
    }

    /// Returns the suite whose signature verified.
    #[must_use]
    pub const fn suite(&self) -> Suite {
        self.suite
    }

    /// Returns who signed, with the notes of what was accepted leniently.
    #[must_use]
    pub fn signed_by(&self) -> Option<&SignedBy> {
        self.message.by().iter().next()
    }

    /// Returns whether a signature that was looked at did not verify, beside one that did.
    #[must_use]
    pub const fn has_bad_signature(&self) -> bool {
        self.has_bad_signature
    }
}

/// Checks that `bytes` are a COSE_Sign1, or for a QueryRequest a COSE_Sign, that a key of the other
/// role signed under an accepted suite, and reads the message.
///
/// # Errors
///
/// `Malformed` for bytes that are no such message; `Cose` if no key that is trusted signed them,
/// with an unknown critical header, and for too much work.
pub fn open<'a>(
    bytes: &'a [u8],
    protection: &Protection<'_>,
    context: &Context<'_>,
) -> Result<Opened<'a>, Error> {
    let profile = context.profile.with_empty_protected(protection.empty_protected);
    let mut bindings = [Suite::Esp256.binding(); MOST_SUITES];
    let accepted = bindings.get_mut(..protection.suites.len()).unwrap_or_default();
    for (slot, suite) in accepted.iter_mut().zip(protection.suites) {
        *slot = suite.binding();
    }
    let accepted: &[Binding] = accepted;
    let context = context.with_profile(profile).with_algorithms(AlgorithmPolicy::only(accepted));
    // As `Context::begin` does, for a context that is copied in any case: what is opened is large.
    let work = Work::new(&context.profile.limits, bytes.len());
    let context = if context.work.is_none() { context.with_work(&work) } else { context };
    open_within(bytes, protection, &context)
}

/// The two messages that TEEP signs with. Those of other tags are not even read, which keeps their
/// readers out of a device.
pub(crate) enum Envelope<'a> {
    One(Sign1<'a>),
    Several(Sign<'a>),
}

impl<'a> Envelope<'a> {
    pub(crate) fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let mut reader = Reader::new(bytes, profile.strictness);
        match reader.item()? {
            Item::Tag(tag::COSE_SIGN1) => Ok(Self::One(Sign1::decode(bytes, profile)?)),
            Item::Tag(tag::COSE_SIGN) => Ok(Self::Several(Sign::decode(bytes, profile)?)),
            _ => Err(Error::malformed(Rule::MessageForm, 0)),
        }
    }

    const fn payload(&self) -> Option<&'a [u8]> {
        match self {
            Self::One(message) => message.danger_unverified_payload(),
            Self::Several(message) => message.danger_unverified_payload(),
        }
    }
}

fn open_within<'a>(
    bytes: &'a [u8],
    protection: &Protection<'_>,
    context: &Context<'_>,
) -> Result<Opened<'a>, Error> {
    let envelope = Envelope::decode(bytes, &context.profile)?;
    if envelope.payload().is_none() {
        return Err(Error::malformed(Rule::MessageForm, 0));
    }
    let mut has_bad_signature = false;
    let signed = verify(&envelope, protection, context, &mut has_bad_signature)?;
    let read = match protection.numbering {
        Numbering::Iana => read_iana,
        Numbering::Draft25 => read_draft25,
    };
    let message = signed.try_map_within(&context.profile, read)?;
    let is_sign = matches!(envelope, Envelope::Several(_));
    if is_sign && message.value().message_type() != MessageType::QueryRequest {
        return Err(Error::malformed(Rule::MessageForm, 0));
    }
    let by = message.by().iter().next();
    let suite = by.and_then(|by| Suite::from_algorithm(by.algorithm()));
    let suite = suite.ok_or(Error::refused(Rule::SuiteUsed))?;
    Ok(Opened { message, suite, has_bad_signature })
}

fn verify<'a>(
    envelope: &Envelope<'a>,
    protection: &Protection<'_>,
    context: &Context<'_>,
    has_bad_signature: &mut bool,
) -> Result<Verified<Signed<'a, 'a>, Signers>, Error> {
    let input = Input::embedded();
    let several = match envelope {
        Envelope::One(message) => {
            return Ok(message.verify(&input, protection.keys, context)?.by_several());
        }
        Envelope::Several(several) => several,
    };
    if protection.signatures == Signatures::Every {
        match several.verify(&input, &SignPolicy::All, protection.keys, context) {
            Ok(signed) => return Ok(signed),
            Err(error) => *has_bad_signature |= is_bad_signature(&error),
        }
    }
    // Of several signatures the error says how many verify; a certificate that does not hold is
    // what the peer has to hear of.
    let mut of_certificate = None;
    let mut report = |_: usize, result: &Result<SignedBy, CoseError>| {
        *has_bad_signature |= result.as_ref().is_err_and(is_bad_signature);
        if let Err(error) = result
            && path_fault(error.kind()).is_some()
        {
            of_certificate.get_or_insert(*error);
        }
    };
    let policy = SignPolicy::AtLeast(1);
    let verified = several.verify_reporting(&input, &policy, protection.keys, context, &mut report);
    verified.map_err(|error| of_certificate.unwrap_or(error).into())
}

/// What is wrong with the certificates of a signature, if that is why it does not count.
pub(crate) const fn path_fault(kind: CoseErrorKind) -> Option<PathFault> {
    match kind {
        CoseErrorKind::Policy(Policy::CertificationPath(fault)) => Some(fault),
        _ => None,
    }
}

fn is_bad_signature(error: &CoseError) -> bool {
    matches!(
        error.kind(),
        CoseErrorKind::Verification(Verification::InvalidSignature { .. })
            | CoseErrorKind::Policy(Policy::NotEnrolled { tried: 1.. })
    )
}

/// Two functions, since what reads a verified value captures nothing.
fn read_iana<'a>(signed: Signed<'a, 'a>, profile: &Profile) -> Result<Message<'a>, Error> {
    Message::of(&signed.payload_item(profile)?, Numbering::Iana, profile)
}

fn read_draft25<'a>(signed: Signed<'a, 'a>, profile: &Profile) -> Result<Message<'a>, Error> {
    Message::of(&signed.payload_item(profile)?, Numbering::Draft25, profile)
}

/// The thumbprint of the key that signed: without SHA-256 nobody could be told apart.
pub(crate) fn peer_key(opened: &Opened<'_>) -> Result<Thumbprint, Error> {
    let key = opened.signed_by().and_then(|by| by.thumbprint());
    key.ok_or(Error::new(ErrorKind::Cose(CoseErrorKind::Unsupported(Unsupported::Hash(
        Algorithm::SHA256,
    )))))
}
