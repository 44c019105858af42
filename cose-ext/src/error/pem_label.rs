//! Labels of PEM blocks that are known and not read.

use core::fmt;

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// The label of a PEM block that is not read as a key (RFC 7468).
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum PemLabel {
            $($(#[$doc])* $name,)*
            /// A label that this library does not know.
            Other,
        }

        impl PemLabel {
            /// Returns the label that `text` is.
            #[cfg(feature = "pem")]
            pub(crate) fn new(text: &str) -> Self {
                match text {
                    $($text => Self::$name,)*
                    _ => Self::Other,
                }
            }
        }

        impl fmt::Display for PemLabel {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$name => concat!("\"", $text, "\""),)*
                    Self::Other => "of another label",
                })
            }
        }
    };
}

labels! {
    /// A certificate: a key is in it, for whoever trusts the certificate.
    Certificate = "CERTIFICATE";
    /// A request for a certificate.
    CertificateRequest = "CERTIFICATE REQUEST";
    /// A private key under a password, which has to be decrypted first.
    EncryptedPrivateKey = "ENCRYPTED PRIVATE KEY";
    /// An RSA private key in the form of PKCS#1.
    RsaPrivateKey = "RSA PRIVATE KEY";
    /// An RSA public key in the form of PKCS#1.
    RsaPublicKey = "RSA PUBLIC KEY";
    /// Parameters of a curve, without a key.
    EcParameters = "EC PARAMETERS";
    /// A private key in OpenSSH's own form.
    OpenSshPrivateKey = "OPENSSH PRIVATE KEY";
    /// A public key, where a private one is due.
    PublicKey = "PUBLIC KEY";
    /// A private key, where a public one is due.
    PrivateKey = "PRIVATE KEY";
    /// A private key on a curve, where a public one is due.
    EcPrivateKey = "EC PRIVATE KEY";
}
