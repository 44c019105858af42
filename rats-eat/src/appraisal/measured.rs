//! What was measured.

use cose_ext::{Digest, IntOrText, crypto::Algorithm, registry};

use crate::{
    measured_component::{MeasuredComponent, Measurement},
    psa::Component,
};

/// One piece of software that a token says was measured, in either of the two forms.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Measured<'a> {
    /// Of a PSA token, or the platform token of CCA.
    Psa(Component<'a>),
    /// A measured component (RFC 10013).
    Component(MeasuredComponent<'a>),
}

impl<'a> Measured<'a> {
    /// Returns the name; of PSA tokens the type, where there is one.
    #[must_use]
    pub const fn name(&self) -> Option<&'a str> {
        match self {
            Self::Psa(component) => component.kind,
            Self::Component(component) => Some(component.name()),
        }
    }

    /// Returns the version, where there is one.
    #[must_use]
    pub fn version(&self) -> Option<&'a str> {
        match self {
            Self::Psa(component) => component.version,
            Self::Component(component) => component.version().map(|version| version.version),
        }
    }

    /// Returns whether `signer` signed it, or is one of its authorities.
    pub(super) fn is_signed_by(&self, signer: &[u8]) -> bool {
        match self {
            Self::Psa(component) => component.signer == signer,
            Self::Component(component) => component.authorities().any(|known| known == signer),
        }
    }

    /// Returns whether it has this digest, made by the hash function of this digest. Tokens of PSA
    /// do not say which one made theirs but by its length, and a description that nobody has to
    /// write.
    pub(super) fn has_digest(&self, digest: &Digest<'_>) -> bool {
        match self {
            Self::Psa(component) => {
                let algorithm = match component.measurement.len() {
                    32 => Some(Algorithm::SHA256),
                    48 => Some(Algorithm::SHA384),
                    64 => Some(Algorithm::SHA512),
                    _ => None,
                };
                algorithm == Some(digest.algorithm()) && component.measurement == digest.value()
            }
            Self::Component(component) => match component.measurement() {
                Measurement::Digest { algorithm, value } => {
                    number(algorithm) == Some(digest.algorithm().value()) && value == digest.value()
                }
                Measurement::Raw(_) => false,
            },
        }
    }
}

/// An algorithm by number or by its name in the COSE registry.
fn number(algorithm: IntOrText<'_>) -> Option<i64> {
    match algorithm {
        IntOrText::Text(name) => registry::ALGORITHMS.value(name),
        other => other.to_i64(),
    }
}
