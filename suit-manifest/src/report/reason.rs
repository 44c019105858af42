//! Why a procedure failed, for all implementations alike (SUIT report 4.2).

use crate::{Error, ErrorKind, Failure, Rule, Unsupported, command::CommandKind, error::Verdict};

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $number:literal;)*) => {
        /// Why a procedure failed, for all implementations alike.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[$doc])* $name,)*
            /// A reason that is not known here, by its number.
            Other(i64),
        }

        impl Reason {
            /// Returns the number of the reason.
            pub const fn number(self) -> i64 {
                match self {
                    $(Self::$name => $number,)*
                    Self::Other(number) => number,
                }
            }

            /// Returns the reason of this number.
            pub const fn from_number(number: i64) -> Self {
                match number {
                    $($number => Self::$name,)*
                    _ => Self::Other(number),
                }
            }
        }
    };
}

reasons! {
    /// Nothing failed.
    Ok = 0;
    /// The CBOR could not be parsed.
    CborParse = 1;
    /// A COSE structure or header that the processor does not support.
    CoseUnsupported = 2;
    /// A COSE algorithm that the processor does not support.
    AlgorithmUnsupported = 3;
    /// The signature or the MAC does not verify.
    Unauthorised = 4;
    /// A command that the processor does not support.
    CommandUnsupported = 5;
    /// A component, or a prefix, that does not exist.
    ComponentUnsupported = 6;
    /// A component to which the signer has no access.
    ComponentUnauthorised = 7;
    /// A parameter that does not exist.
    ParameterUnsupported = 8;
    /// A severed member that the processor cannot do without.
    SeveringUnsupported = 9;
    /// A condition failed, and not softly.
    ConditionFailed = 10;
    /// A command failed.
    OperationFailed = 11;
    /// The image is about to be invoked; the outcome is not known yet.
    InvokePending = 12;
}

impl Reason {
    /// Returns the reason why a procedure failed after it had begun.
    #[must_use]
    pub const fn of_failure(failure: &Failure) -> Self {
        match failure.rule {
            Rule::DependencyIntact => Self::Unauthorised,
            Rule::ComponentKnown => Self::ComponentUnsupported,
            Rule::AccessGranted => Self::ComponentUnauthorised,
            Rule::ManifestUnchanged => Self::Unauthorised,
            _ => match failure.command {
                Some(CommandKind::Condition(_)) => Self::ConditionFailed,
                _ if matches!(failure.rule, Rule::TryEachExhausted) => Self::ConditionFailed,
                _ => Self::OperationFailed,
            },
        }
    }

    /// Returns the reason why an envelope or its manifest was refused before anything was done.
    #[must_use]
    pub fn of_error(error: &Error) -> Self {
        use cose_ext::error::{ErrorKind as Cose, Unsupported as CoseUnsupported};
        match error.kind() {
            ErrorKind::Unsupported(unsupported) => match unsupported {
                Unsupported::Command(_) => Self::CommandUnsupported,
                Unsupported::Parameter(_) => Self::ParameterUnsupported,
                Unsupported::SeveredAbsent(_) => Self::SeveringUnsupported,
                Unsupported::DigestAlgorithm => Self::AlgorithmUnsupported,
                Unsupported::DigestExtension
                | Unsupported::Member(_)
                | Unsupported::Block
                | Unsupported::EncryptedReport => Self::CoseUnsupported,
            },
            ErrorKind::Malformed { rule, .. }
            | ErrorKind::Verification(rule)
            | ErrorKind::Policy(rule) => match rule {
                Rule::CommandKnown => Self::CommandUnsupported,
                Rule::ParameterKnown => Self::ParameterUnsupported,
                Rule::ComponentKnown | Rule::ComponentCount => Self::ComponentUnsupported,
                Rule::BlockPresent | Rule::BlockVerifies | Rule::ManifestDigest => {
                    Self::Unauthorised
                }
                Rule::SeveredDigest | Rule::SeveredStated => Self::Unauthorised,
                Rule::BlockForm | Rule::BlockDetached => Self::CoseUnsupported,
                Rule::SequenceNumber => Self::OperationFailed,
                _ => Self::CborParse,
            },
            ErrorKind::Cose(Cose::Cbor(_)) => Self::CborParse,
            ErrorKind::Cose(Cose::Unsupported(
                CoseUnsupported::Algorithm(_) | CoseUnsupported::Hash(_),
            )) => Self::AlgorithmUnsupported,
            ErrorKind::Cose(Cose::Verification(_) | Cose::Policy(_)) => Self::Unauthorised,
            ErrorKind::Cose(_) if error.verdict() == Verdict::Broken => Self::CborParse,
            ErrorKind::Cose(_) => Self::CoseUnsupported,
            ErrorKind::Historic(_) => Self::CborParse,
            ErrorKind::Limit(_) | ErrorKind::Misuse(_) => Self::OperationFailed,
        }
    }
}
