//! ECDSA and ECDH on P-256.

super::ecdsa::curve_keys! {
    ::p256::NistP256, P256, 32, "P-256", ES256, ESP256, SHA256, P256VerifyingKey, P256SigningKey
}
