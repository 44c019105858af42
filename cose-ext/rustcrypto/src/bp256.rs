//! ECDSA on brainpoolP256r1 (RFC 9864 2.1).

super::ecdsa::curve_keys! {
    ::bp256::BrainpoolP256r1, BRAINPOOL_P256R1, 32, "brainpoolP256r1", ESB256, ESB256, SHA256, BrainpoolP256r1VerifyingKey,
    BrainpoolP256r1SigningKey
}
