//! The published vectors of this crate's formats: every case a test, every fact asserted that the crate can know.

#[path = "vectors/build.rs"]
mod build;
#[path = "vectors/cbor.rs"]
mod cbor;
#[path = "vectors/countersignature.rs"]
mod countersignature;
#[path = "vectors/key.rs"]
mod key;
#[path = "vectors/named.rs"]
mod named;
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

use testkit::vectors::{Case, Outcome, Suite, Trouble};

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
        .kind("cose", "cose-mac0+countersignature", |case| countersigned(case, secret::mac0))
        .kind("cose", "cose-mac+countersignature", |case| countersigned(case, secret::mac))
        .kind("cose", "cose-encrypt0+countersignature", |case| {
            countersigned(case, secret::encrypt0)
        })
        .kind("cose", "cose-encrypt+countersignature", |case| countersigned(case, secret::encrypt))
        .kind("cose", "cose-key-thumbprint", thumbprint::run)
        .kind("cose", "cbor", cbor::run)
        .kind("cose", "signature-primitive", primitive::run)
        .kind("scitt", "cose-key-thumbprint", thumbprint::run)
        .run()
}

/// The target is judged as a message of its own, and so is what was put upon it.
fn countersigned(
    case: &Case,
    target: fn(&Case) -> Result<Outcome, Trouble>,
) -> Result<Outcome, Trouble> {
    Ok(match (target(case)?, countersignature::rfc8152(case)?) {
        (Outcome::Accepted(one), Outcome::Accepted(other)) => Outcome::Accepted(one.and(other)),
        // A build that cannot open the target can still check the countersignature.
        (Outcome::NotRun(_), countersigned) => countersigned,
        (Outcome::Accepted(_), countersigned) => countersigned,
        (refused, _) => refused,
    })
}
