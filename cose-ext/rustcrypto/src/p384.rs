//! ECDSA and ECDH on P-384.

super::ecdsa::curve_keys! {
    ::p384::NistP384, P384, 48, "P-384", ES384, ESP384, SHA384, P384VerifyingKey, P384SigningKey
}
