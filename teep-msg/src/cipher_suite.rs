//! Cipher suites of TEEP messages (section 8.1).

use core::fmt;

use cose_ext::{
    cbor::{Array, Raw, Reader},
    crypto::{Algorithm, Binding, Curve},
    tag,
};

use crate::{Error, Rule, decode, list::list};

/// A suite that this crate uses: one COSE_Sign1 with one algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum Suite {
    /// `[[18, -9]]`, ESP256: mandatory.
    Esp256,
    /// `[[18, -19]]`, Ed25519: mandatory.
    Ed25519,
    /// `[[18, -7]]`, ES256 of drafts before -22, by policy only.
    Es256,
    /// `[[18, -8]]`, EdDSA of drafts before -22, by policy only.
    EdDsa,
}

impl Suite {
    /// The two suites that a TAM has to support.
    pub const MANDATORY: &'static [Self] = &[Self::Esp256, Self::Ed25519];
    /// The two suites of drafts before -22.
    pub const OLDER: &'static [Self] = &[Self::Es256, Self::EdDsa];
    /// All four.
    pub const ALL: &'static [Self] = &[Self::Esp256, Self::Ed25519, Self::Es256, Self::EdDsa];

    /// Returns the algorithm of the signature.
    #[must_use]
    pub const fn algorithm(self) -> Algorithm {
        match self {
            Self::Esp256 => Algorithm::ESP256,
            Self::Ed25519 => Algorithm::ED25519,
            Self::Es256 => Algorithm::ES256,
            Self::EdDsa => Algorithm::EDDSA,
        }
    }

    /// Returns the suite of an algorithm.
    #[must_use]
    pub fn from_algorithm(algorithm: Algorithm) -> Option<Self> {
        Self::ALL.iter().copied().find(|suite| suite.algorithm() == algorithm)
    }

    /// Tells whether every TAM has to support it.
    #[must_use]
    pub const fn is_mandatory(self) -> bool {
        matches!(self, Self::Esp256 | Self::Ed25519)
    }

    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Esp256 => 0,
            Self::Ed25519 => 1,
            Self::Es256 => 2,
            Self::EdDsa => 3,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|suite| suite.code() == code)
    }

    pub(crate) const fn binding(self) -> Binding {
        match self {
            Self::Esp256 | Self::Es256 => Binding::ec2(self.algorithm(), Curve::P256),
            Self::Ed25519 | Self::EdDsa => Binding::okp(self.algorithm(), Curve::ED25519),
        }
    }
}

/// As many suites as there are.
pub(crate) const MOST_SUITES: usize = Suite::ALL.len();

impl fmt::Display for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.algorithm(), f)
    }
}

list! {
    /// `supported-teep-cipher-suites`: the suites that a peer offers.
    CipherSuites
}

impl<'a> CipherSuites<'a> {
    pub(crate) fn check(raw: &Raw<'a>) -> Result<Self, Error> {
        const RULE: Rule = Rule::MessageForm;
        let suites = decode::some(raw, RULE)?;
        for suite in suites {
            for operation in decode::some(&suite, RULE)? {
                let operation = decode::array(&operation, RULE)?;
                let [cose, algorithm] = operation.exactly().map_err(decode::broken(RULE))?;
                cose.read(Reader::int).map_err(decode::broken(RULE))?;
                algorithm.read(Reader::int).map_err(decode::broken(RULE))?;
            }
        }
        Ok(Self(suites))
    }

    /// Returns the suites in the order of the message.
    pub fn iter(&self) -> impl Iterator<Item = CipherSuite<'a>> + use<'a> {
        self.0.iter().filter_map(|raw| Array::new(&raw).ok()).map(CipherSuite)
    }

    /// Tells whether `suite` is offered.
    #[must_use]
    pub fn offers(&self, suite: Suite) -> bool {
        self.iter().any(|offered| offered.known() == Some(suite))
    }
}

/// One suite of a list: operations that are applied one after the other.
#[derive(Clone, Copy, Debug)]
pub struct CipherSuite<'a>(Array<'a>);

/// One operation of a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuiteOperation {
    /// The CBOR tag of the COSE message: 18 for COSE_Sign1.
    pub cose_type: i64,
    /// The algorithm.
    pub algorithm: Algorithm,
}

impl<'a> CipherSuite<'a> {
    /// Returns the operations.
    pub fn operations(&self) -> impl Iterator<Item = SuiteOperation> + use<'a> {
        self.0.iter().filter_map(|raw| {
            let [cose_type, algorithm] = Array::new(&raw).ok()?.exactly().ok()?;
            let cose_type = cose_type.read(Reader::int).ok()?.to_i64()?;
            let algorithm = Algorithm::new(algorithm.read(Reader::int).ok()?.to_i64()?);
            Some(SuiteOperation { cose_type, algorithm })
        })
    }

    /// Returns the suite, if it is one that this crate uses.
    #[must_use]
    pub fn known(&self) -> Option<Suite> {
        let mut operations = self.operations();
        let first = operations.next()?;
        let sign1 = i64::try_from(tag::COSE_SIGN1).ok()?;
        if self.0.len() != 1 || first.cose_type != sign1 {
            return None;
        }
        Suite::from_algorithm(first.algorithm)
    }
}
