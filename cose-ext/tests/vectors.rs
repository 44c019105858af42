//! The published vectors of this crate's formats: every case a test, every fact asserted that the crate can know.

#[path = "vectors/build.rs"]
mod build;
#[path = "vectors/cbor.rs"]
mod cbor;
#[path = "vectors/countersignature.rs"]
mod countersignature;
#[path = "vectors/key.rs"]
mod key;
#[path = "vectors/primitive.rs"]
mod primitive;
#[path = "vectors/secret.rs"]
mod secret;
#[path = "vectors/sign.rs"]
mod sign;
#[path = "vectors/sign1.rs"]
mod sign1;
#[path = "vectors/signing.rs"]
mod signing;
#[path = "vectors/thumbprint.rs"]
mod thumbprint;

use std::process::ExitCode;

use testkit::vectors::Suite;

fn main() -> ExitCode {
    Suite::new(env!("CARGO_MANIFEST_DIR"))
        .kind("cose", "cose-sign1", sign1::run)
        .kind("cose", "cose-sign", sign::run)
        .kind("cose", "cose-mac0", secret::mac0)
        .kind("cose", "cose-mac", secret::mac)
        .kind("cose", "cose-encrypt0", secret::encrypt0)
        .kind("cose", "cose-encrypt", secret::encrypt)
        .kind("cose", "cose-sign1-signing", signing::run)
        .kind("cose", "countersignature-v2", countersignature::version2)
        .kind("cose", "cose-sign1+countersignature", countersignature::rfc8152)
        .kind("cose", "cose-sign+countersignature", countersignature::rfc8152)
        .kind("cose", "cose-mac0+countersignature", countersignature::rfc8152)
        .kind("cose", "cose-mac+countersignature", countersignature::rfc8152)
        .kind("cose", "cose-encrypt0+countersignature", countersignature::rfc8152)
        .kind("cose", "cose-encrypt+countersignature", countersignature::rfc8152)
        .kind("cose", "cose-key-thumbprint", thumbprint::run)
        .kind("cose", "cbor", cbor::run)
        .kind("cose", "signature-primitive", primitive::run)
        .kind("scitt", "cose-key-thumbprint", thumbprint::run)
        .run()
}
