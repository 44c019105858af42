//! Views of messages to the types of coset.

use alloc::vec::Vec;

use ::coset::{CoseEncrypt, CoseEncrypt0, CoseMac, CoseMac0, CoseRecipient, CoseSign, CoseSign1};

use super::{IntoCosetError, header::headers};
use crate::{
    Encrypt, Encrypt0, Mac, Mac0, Recipient, Sign, Sign1, recipient::Recipients,
    sign::CoseSignature,
};

impl TryFrom<&Sign1<'_>> for CoseSign1 {
    type Error = IntoCosetError;

    /// A COSE_Sign1 (RFC 9052 4.2).
    fn try_from(message: &Sign1<'_>) -> Result<Self, IntoCosetError> {
        let (protected, unprotected) = headers(message.headers())?;
        let payload = message.danger_unverified_payload().map(<[u8]>::to_vec);
        Ok(Self { protected, unprotected, payload, signature: message.signature().to_vec() })
    }
}

impl TryFrom<&CoseSignature<'_>> for ::coset::CoseSignature {
    type Error = IntoCosetError;

    /// A COSE_Signature (RFC 9052 4.1).
    fn try_from(signature: &CoseSignature<'_>) -> Result<Self, IntoCosetError> {
        let (protected, unprotected) = headers(signature.headers())?;
        Ok(Self { protected, unprotected, signature: signature.signature().to_vec() })
    }
}

impl TryFrom<&Sign<'_>> for CoseSign {
    type Error = IntoCosetError;

    /// A COSE_Sign (RFC 9052 4.1).
    fn try_from(message: &Sign<'_>) -> Result<Self, IntoCosetError> {
        let (protected, unprotected) = headers(message.headers())?;
        let payload = message.danger_unverified_payload().map(<[u8]>::to_vec);
        let signatures = message.signatures().iter();
        let signatures = signatures.map(|signature| (&signature).try_into());
        let signatures = signatures.collect::<Result<_, _>>()?;
        Ok(Self { protected, unprotected, payload, signatures })
    }
}

impl TryFrom<&Mac0<'_>> for CoseMac0 {
    type Error = IntoCosetError;

    /// A COSE_Mac0 (RFC 9052 6.2).
    fn try_from(message: &Mac0<'_>) -> Result<Self, IntoCosetError> {
        let (protected, unprotected) = headers(message.headers())?;
        let payload = message.danger_unverified_payload().map(<[u8]>::to_vec);
        Ok(Self { protected, unprotected, payload, tag: message.tag().to_vec() })
    }
}

impl TryFrom<&Mac<'_>> for CoseMac {
    type Error = IntoCosetError;

    /// A COSE_Mac (RFC 9052 6.1).
    fn try_from(message: &Mac<'_>) -> Result<Self, IntoCosetError> {
        let (protected, unprotected) = headers(message.headers())?;
        let payload = message.danger_unverified_payload().map(<[u8]>::to_vec);
        let recipients = recipients(message.recipients())?;
        Ok(Self { protected, unprotected, payload, tag: message.tag().to_vec(), recipients })
    }
}

impl TryFrom<&Encrypt0<'_>> for CoseEncrypt0 {
    type Error = IntoCosetError;

    /// A COSE_Encrypt0 (RFC 9052 5.2).
    fn try_from(message: &Encrypt0<'_>) -> Result<Self, IntoCosetError> {
        let (protected, unprotected) = headers(message.headers())?;
        let ciphertext = message.ciphertext().map(<[u8]>::to_vec);
        Ok(Self { protected, unprotected, ciphertext })
    }
}

impl TryFrom<&Encrypt<'_>> for CoseEncrypt {
    type Error = IntoCosetError;

    /// A COSE_Encrypt (RFC 9052 5.1).
    fn try_from(message: &Encrypt<'_>) -> Result<Self, IntoCosetError> {
        let (protected, unprotected) = headers(message.headers())?;
        let ciphertext = message.ciphertext().map(<[u8]>::to_vec);
        let recipients = recipients(message.recipients())?;
        Ok(Self { protected, unprotected, ciphertext, recipients })
    }
}

impl TryFrom<&Recipient<'_>> for CoseRecipient {
    type Error = IntoCosetError;

    /// A COSE_recipient with those inside of it (RFC 9052 5.1).
    fn try_from(recipient: &Recipient<'_>) -> Result<Self, IntoCosetError> {
        let (protected, unprotected) = headers(recipient.headers())?;
        let ciphertext = recipient.ciphertext().map(<[u8]>::to_vec);
        let recipients = recipient.recipients().map(recipients).transpose()?.unwrap_or_default();
        Ok(Self { protected, unprotected, ciphertext, recipients })
    }
}

/// Levels are bounded: the view counted them.
fn recipients(recipients: &Recipients<'_>) -> Result<Vec<CoseRecipient>, IntoCosetError> {
    recipients.iter().map(|recipient| (&recipient).try_into()).collect()
}
