//! EATs and SUIT Reports that are encrypted to their receiver (section 8.2).

use cose_ext::{
    Context, Encrypt, Input, OpenInput,
    error::{ErrorKind as CoseErrorKind, Policy, Verification},
    key::SecretResolver,
    recipient::Agreed,
    tag,
};

use crate::{Error, ErrorKind, Rule};

/// What was encrypted: it enters the derivation of the key, so one cannot stand for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "the specification has no others")]
pub enum Purpose {
    /// An EAT.
    Eat,
    /// A SUIT Report.
    SuitReport,
}

impl Purpose {
    /// Returns `SuppPubInfo.other` of the key derivation.
    #[must_use]
    pub const fn label(self) -> &'static [u8] {
        match self {
            Self::Eat => b"EAT Encryption",
            Self::SuitReport => b"SUIT Report Encryption",
        }
    }

    /// Returns what both sides bind the derived key to, for whoever encrypts.
    #[must_use]
    pub fn agreed(self) -> Agreed<'static> {
        Agreed { public: Some(self.label()), ..Agreed::default() }
    }
}

/// Decrypts a COSE_Encrypt with its tag, 96, to the front of `plaintext`, which is as long as the
/// message. The result is by anybody: an EAT or report within is signed, and is to be verified.
///
/// The profile says that EATs have no tags; without one nobody could tell an encrypted EAT from a
/// signed one, so this one is wanted.
///
/// # Errors
///
/// `Refused` with [`Rule::EncryptedTagged`] for another tag or none, and if no key opens it for
/// this purpose; `Cose` for a message that is not well-formed, for algorithms that the provider
/// does not have, and for a `plaintext` that is shorter than the content.
pub fn decrypt<'o>(
    message: &[u8],
    purpose: Purpose,
    keys: &dyn SecretResolver,
    context: &Context<'_>,
    plaintext: &'o mut [u8],
) -> Result<&'o [u8], Error> {
    let refused = Error::refused(Rule::EncryptedTagged);
    context.begin(message.len(), |context| {
        let item = context.profile.item(message, 0)?;
        item.under_tag(tag::COSE_ENCRYPT).map_err(|_| refused)?;
        let message = Encrypt::decode(message, &context.profile)?;
        let input = OpenInput::from(Input::embedded()).with_agreed(purpose.agreed());
        match message.decrypt(input, keys, context, plaintext) {
            Ok(opened) => Ok(opened.into_danger_unattributed().payload()),
            Err(error) => Err(match error.kind() {
                CoseErrorKind::Verification(Verification::NotDecrypted { .. })
                | CoseErrorKind::Policy(Policy::NotEnrolled { .. }) => refused,
                kind => Error::new(ErrorKind::Cose(kind)),
            }),
        }
    })
}
