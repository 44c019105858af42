//! ECDSA on brainpoolP384r1 (RFC 9864 2.1).

super::ecdsa::curve_keys! {
    ::bp384::BrainpoolP384r1, BRAINPOOL_P384R1, 48, "brainpoolP384r1", ESB384, ESB384, SHA384, BrainpoolP384r1VerifyingKey,
    BrainpoolP384r1SigningKey
}
