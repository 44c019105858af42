//! Labels of key parameters.

use super::{Named, label_type};

label_type! {
    /// The label of a key parameter: an integer or text (RFC 9052 7; IANA "COSE Key Common
    /// Parameters" and "COSE Key Type Parameters").
    ///
    /// The negative numbers mean something else in every key type, so the constants name the type.
    KeyLabel;

    /// `kty` (RFC 9052 7.1).
    KTY = 1, "kty";
    /// `kid` (RFC 9052 7.1).
    KID = 2, "kid";
    /// `alg` (RFC 9052 7.1).
    ALG = 3, "alg";
    /// `key_ops` (RFC 9052 7.1).
    KEY_OPS = 4, "key_ops";
    /// `Base IV` (RFC 9052 7.1).
    BASE_IV = 5, "Base IV";
}

/// The parameters of one key type, and a table of their names.
macro_rules! key_parameters {
    ($($(#[$type_doc:meta])* $names:ident {
        $($(#[$doc:meta])* $name:ident = $value:literal, $text:literal;)*
    })*) => {$(
        impl KeyLabel<'_> {
            $($(#[$doc])* pub const $name: Self = Self::int($value);)*
        }

        $(#[$type_doc])*
        pub(crate) const $names: &[Named] = &[$(($value, $text)),*];
    )*};
}

key_parameters! {
    /// The parameters of key type OKP (RFC 9053 7.2).
    OKP {
        /// `crv` of an OKP key (RFC 9053 7.2).
        OKP_CRV = -1, "crv";
        /// `x` of an OKP key (RFC 9053 7.2).
        OKP_X = -2, "x";
        /// `d` of an OKP key (RFC 9053 7.2).
        OKP_D = -4, "d";
    }
    /// The parameters of key type EC2 (RFC 9053 7.1.1).
    EC2 {
        /// `crv` of an EC2 key (RFC 9053 7.1.1).
        EC2_CRV = -1, "crv";
        /// `x` of an EC2 key (RFC 9053 7.1.1).
        EC2_X = -2, "x";
        /// `y` of an EC2 key (RFC 9053 7.1.1).
        EC2_Y = -3, "y";
        /// `d` of an EC2 key (RFC 9053 7.1.1).
        EC2_D = -4, "d";
    }
    /// The parameters of key type RSA (RFC 8230 4).
    RSA {
        /// `n` of an RSA key (RFC 8230 4).
        RSA_N = -1, "n";
        /// `e` of an RSA key (RFC 8230 4).
        RSA_E = -2, "e";
        /// `d` of an RSA key (RFC 8230 4).
        RSA_D = -3, "d";
        /// `p` of an RSA key (RFC 8230 4).
        RSA_P = -4, "p";
        /// `q` of an RSA key (RFC 8230 4).
        RSA_Q = -5, "q";
        /// `dP` of an RSA key (RFC 8230 4).
        RSA_DP = -6, "dP";
        /// `dQ` of an RSA key (RFC 8230 4).
        RSA_DQ = -7, "dQ";
        /// `qInv` of an RSA key (RFC 8230 4).
        RSA_Q_INV = -8, "qInv";
        /// `other` of an RSA key (RFC 8230 4).
        RSA_OTHER = -9, "other";
        /// `r_i` of an RSA key (RFC 8230 4).
        RSA_R_I = -10, "r_i";
        /// `d_i` of an RSA key (RFC 8230 4).
        RSA_D_I = -11, "d_i";
        /// `t_i` of an RSA key (RFC 8230 4).
        RSA_T_I = -12, "t_i";
    }
    /// The parameters of key type Symmetric (RFC 9053 7.3).
    SYMMETRIC {
        /// `k` of a symmetric key (RFC 9053 7.3).
        SYMMETRIC_K = -1, "k";
    }
    /// The parameters of key type HSS-LMS (RFC 8778 4).
    HSS_LMS {
        /// `pub` of an HSS-LMS key (RFC 8778 4).
        HSS_LMS_PUB = -1, "pub";
    }
    /// The parameters of key type AKP (RFC 9964 3).
    AKP {
        /// `pub` of an AKP key (RFC 9964 3).
        AKP_PUB = -1, "pub";
        /// `priv` of an AKP key (RFC 9964 3).
        AKP_PRIV = -2, "priv";
    }
}
