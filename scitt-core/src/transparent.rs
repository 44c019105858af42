//! Transparent statements, before and after they were verified.

use core::fmt;

use cose_ext::{
    IssuerBinding, Notes, Profile, Verified,
    header::{Receipts, Vds},
    key::KeyOrigin,
};

use crate::{Error, Included, LoggedStatement, Rule, SignedStatement, Statement};

/// A transparent statement as it was received (RFC 9943 7): a signed statement with receipts.
/// Untrusted, the receipts and their number too.
#[derive(Clone, Copy)]
pub struct TransparentStatement<'a> {
    statement: SignedStatement<'a>,
    receipts: Receipts<'a>,
}

impl<'a> TransparentStatement<'a> {
    /// Reads a transparent statement that is the whole of `bytes`.
    ///
    /// # Errors
    ///
    /// If it is not a signed statement, or carries no receipts.
    #[inline(never)] // What it copies is not in the frame of a caller.
    pub fn decode(bytes: &'a [u8], profile: &Profile) -> Result<Self, Error> {
        let statement = SignedStatement::decode(bytes, profile)?;
        let headers = statement.message().headers();
        let receipts = match headers.unprotected().receipts()? {
            Some(receipts) => Some(receipts),
            None => headers.protected().receipts()?,
        };
        let receipts = receipts.ok_or(Error::refused(Rule::ReceiptPresent))?;
        Ok(Self { statement, receipts })
    }

    /// Returns the signed statement.
    #[must_use]
    pub const fn statement(&self) -> &SignedStatement<'a> {
        &self.statement
    }

    /// Returns the receipts as received, each with the offset of its first byte.
    #[must_use]
    pub const fn receipts(&self) -> &Receipts<'a> {
        &self.receipts
    }
}

impl fmt::Debug for TransparentStatement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.statement, f)
    }
}

/// A statement that its issuer signed and that enough trusted services logged.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Transparent<'a> {
    statement: Verified<Statement<'a, 'a>>,
    inclusion: Included<'a, LoggedStatement<'a>>,
    services: usize,
    leniency: Leniency,
}

/// What was accepted leniently in a statement and in the receipts that counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leniency {
    /// Requirements of RFC 9943 are not met.
    pub(crate) is_lenient: bool,
    /// `exp` and `nbf` were compared with a time.
    pub(crate) is_valid_in_time: bool,
    pub(crate) notes: Notes,
}

impl<'a> Transparent<'a> {
    pub(crate) const fn new(
        statement: Verified<Statement<'a, 'a>>,
        inclusion: Included<'a, LoggedStatement<'a>>,
        services: usize,
        leniency: Leniency,
    ) -> Self {
        Self { statement, inclusion, services, leniency }
    }

    /// Returns what was signed, and by whom.
    pub const fn statement(&self) -> &Verified<Statement<'a, 'a>> {
        &self.statement
    }

    /// Returns the first receipt that counted.
    pub const fn inclusion(&self) -> &Included<'a, LoggedStatement<'a>> {
        &self.inclusion
    }

    /// Returns how many distinct services logged the statement.
    #[must_use]
    pub const fn services(&self) -> usize {
        self.services
    }

    /// Returns what this verdict does not rest on.
    pub fn not_checked(&self) -> impl Iterator<Item = NotChecked> + use<> {
        let statement = self.statement.value();
        let facts = statement.facts();
        let by = self.statement.by();
        let notes = by.notes().and(self.leniency.notes);
        let of_issuer = not_checked_of_path(by.origin(), facts.has_certificate);
        let of_service = not_checked_of_path(self.inclusion.root().by().origin(), false);
        [
            (by.issuer() != IssuerBinding::Checked).then_some(NotChecked::Issuer),
            statement.hash_envelope().map(|_| NotChecked::Preimage),
            of_issuer,
            of_service.filter(|_| of_service != of_issuer),
            (facts.has_validity && !self.leniency.is_valid_in_time).then_some(NotChecked::Validity),
            Some(NotChecked::LogConsistency),
            Some(NotChecked::RegistrationPolicy),
            (!self.inclusion.is_registered_structure())
                .then(|| NotChecked::StructureRegistration(self.inclusion.vds())),
            self.leniency.is_lenient.then_some(NotChecked::Rfc9943),
            (!notes.is_empty()).then_some(NotChecked::StrictReading(notes)),
        ]
        .into_iter()
        .flatten()
    }
}

/// What a verdict does not rest on where the key came by a path, or beside a certificate.
const fn not_checked_of_path(origin: KeyOrigin, has_certificate: bool) -> Option<NotChecked> {
    match origin {
        KeyOrigin::Path { valid_at: Some(_) } => Some(NotChecked::Revocation),
        KeyOrigin::Path { valid_at: None } => Some(NotChecked::CertificateValidity),
        KeyOrigin::Enrolled if has_certificate => Some(NotChecked::CertificationPath),
        KeyOrigin::Enrolled => None,
    }
}

/// Something that a [`Transparent`] verdict does not rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotChecked {
    /// That the key speaks for the issuer that the statement claims: it was enrolled for no issuer
    /// in particular, so `iss` is the signer's word.
    Issuer,
    /// The artifact whose digest was signed: `vouch_for` checks it.
    Preimage,
    /// A certification path to a trust anchor: the key was trusted as such.
    CertificationPath,
    /// Validity in time and revocation of the certificates: a path leads to a trust anchor, and no
    /// time was given.
    CertificateValidity,
    /// Revocation: a path leads to a trust anchor and is valid at the time that was given.
    Revocation,
    /// `exp` and `nbf`: no clock was given.
    Validity,
    /// That the log shows the same tree to everybody, and only grows.
    LogConsistency,
    /// That the service applied its registration policy.
    RegistrationPolicy,
    /// The data structure is not (yet) listed by IANA.
    StructureRegistration(Vds),
    /// Some header requirements of RFC 9943 are not met; the lenient reading reported them.
    Rfc9943,
    /// What was accepted although a strict reading would refuse it, in the statement or in a
    /// receipt that counted.
    StrictReading(Notes),
}

impl NotChecked {
    /// Returns where the specifications speak of it; `None` for what is this project's.
    #[must_use]
    pub const fn clause(self) -> Option<&'static str> {
        Some(match self {
            Self::Issuer => "RFC 9943 5.1.1.1",
            Self::Preimage => "RFC 9995 3",
            Self::CertificationPath => "RFC 9360 2, RFC 5280 6",
            Self::CertificateValidity => "RFC 5280 6.1.3",
            Self::Revocation => "RFC 5280 6.3",
            Self::Validity => "RFC 8392 3.1.4",
            Self::LogConsistency => "RFC 9943 5.1.3",
            Self::RegistrationPolicy => "RFC 9943 5.1.1",
            Self::StructureRegistration(_) => "RFC 9942 4.2",
            Self::Rfc9943 => "RFC 9943 6",
            Self::StrictReading(_) => return None,
        })
    }
}

impl fmt::Display for NotChecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Issuer => "the issuer (the key was enrolled for no issuer in particular)",
            Self::Preimage => "the artifact itself (no preimage supplied)",
            Self::CertificationPath => "a certification path (the key is trusted as such)",
            Self::CertificateValidity => {
                "validity of the certificates in time (no clock given), and their revocation"
            }
            Self::Revocation => "revocation of the certificates",
            Self::Validity => "validity in time (no clock given)",
            Self::LogConsistency => "consistency of the log over time",
            Self::RegistrationPolicy => "the registration policy of the service",
            Self::StructureRegistration(vds) => {
                return write!(f, "the data structure {vds} is not listed by IANA");
            }
            Self::StrictReading(notes) => {
                return write!(f, "what a strict reading refuses: {notes}");
            }
            Self::Rfc9943 => "header requirements of RFC 9943 that are not met",
        })
    }
}
