//! ECDSA and ECDH on P-521.

super::ecdsa::curve_keys! {
    ::p521::NistP521, P521, 66, "P-521", ES512, ESP512, SHA512, P521VerifyingKey, P521SigningKey
}
