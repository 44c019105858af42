//! Labels of confirmation methods.

use super::label_type;

label_type! {
    /// The label of a confirmation method in `cnf`: an integer or text (RFC 8747 3.1; IANA "CWT
    /// Confirmation Methods").
    ConfirmationMethod;

    /// COSE_Key (RFC 8747 3.2).
    COSE_KEY = 1, "COSE_Key";
    /// Encrypted_COSE_Key (RFC 8747 3.3).
    ENCRYPTED_COSE_KEY = 2, "Encrypted_COSE_Key";
    /// kid (RFC 8747 3.4).
    KID = 3, "kid";
    /// ckt, COSE Key SHA-256 Thumbprint (RFC 9679 5.6).
    CKT = 5, "ckt";
}
