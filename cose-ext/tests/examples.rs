//! The examples run.

// They are programs: what else is in them is their own business.
#![allow(dead_code, unreachable_pub)]

#[cfg(all(feature = "x509", feature = "p384"))]
#[path = "../examples/attestation_document.rs"]
mod attestation_document;
#[path = "../examples/cwt.rs"]
mod cwt;
#[path = "../examples/detached_signature.rs"]
mod detached_signature;
#[path = "../examples/health_certificate.rs"]
mod health_certificate;
#[path = "../examples/mdoc_issuer_auth.rs"]
mod mdoc_issuer_auth;
#[path = "../examples/webauthn.rs"]
mod webauthn;

#[test]
fn each_example_runs() {
    #[cfg(all(feature = "x509", feature = "p384"))]
    attestation_document::main().unwrap();
    cwt::main().unwrap();
    detached_signature::main().unwrap();
    health_certificate::main().unwrap();
    mdoc_issuer_auth::main().unwrap();
    webauthn::main().unwrap();
}
