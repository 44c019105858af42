//! ECDSA on secp256k1 (RFC 8812 3.2).

super::ecdsa::curve_keys! {
    ::k256::Secp256k1, SECP256K1, 32, "secp256k1", ES256K, ES256K, SHA256, Secp256k1VerifyingKey, Secp256k1SigningKey
}
