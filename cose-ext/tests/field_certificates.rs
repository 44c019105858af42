//! Certificates as real hierarchies issue them, and statements whose signers' certificates are such: each leads to its
//! own root, with each provider. They are read where they lie; without them the tests are ignored, by name.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cose_ext::crypto::{Algorithm, Provider};
use cose_ext::cwt::Time;
use cose_ext::error::{ErrorKind, PathFault, Policy};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::x509::{
    Certificate, CertificationPaths, PathRequest, PathValidator, Purpose, TrustAnchor,
    ValidityCheck, WebPki,
};
use cose_ext::{Context, Error, Input, Limits, Profile, Sign1};
use libtest_mimic::{Arguments, Failed, Trial};

/// A certificate, its issuer, and the algorithm that its key is for.
const ISSUED: [(&str, &str, Algorithm); 7] = [
    ("leaf-by-p521-sha256", "root-p521", Algorithm::ES256),
    ("leaf-by-p521-sha384", "root-p521", Algorithm::ES256),
    ("leaf-by-p521-sha512", "root-p521", Algorithm::ES256),
    ("leaf-by-rsa-sha384", "root-rsa2048", Algorithm::ES256),
    ("leaf-by-rsa-sha512", "root-rsa2048", Algorithm::ES256),
    ("leaf-by-rsassa-pss-key", "root-with-rsassa-pss-key", Algorithm::ES256),
    ("leaf-with-rsassa-pss-key-by-p256", "root-p256", Algorithm::PS256),
];

/// 2026-12-01.
const ISSUED_AT: Time = Time::Seconds(1_796_083_200);

/// Statements with the chains of their signers, root last.
const STATEMENTS: [&str; 3] = ["uvm-0-2-10", "phi-4-one-service", "spdx-digest-ps384"];

/// What their certificates are for: signing code, and purposes of their maker, 1.3.6.1.4.1.311.76.59.1.1 to .3.
const PURPOSES: [Purpose<'static>; 4] = [
    Purpose::CODE_SIGNING,
    Purpose::new(&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x4c, 0x3b, 1, 1]),
    Purpose::new(&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x4c, 0x3b, 1, 2]),
    Purpose::new(&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x4c, 0x3b, 1, 3]),
];

fn main() -> ExitCode {
    let providers: [(&str, &'static dyn Provider); _] = [
        ("rustcrypto", &RustCrypto),
        #[cfg(feature = "aws-lc")]
        ("aws-lc", &cose_ext::aws_lc::AwsLc),
    ];
    let mut trials = Vec::new();
    for (name, provider) in providers {
        for (leaf, root, algorithm) in ISSUED {
            let folder = vectors().join("cose/field-certificates");
            let [leaf_file, root_file] =
                [leaf, root].map(|file| folder.join(file).with_extension("der"));
            let absent = !leaf_file.exists() || !root_file.exists();
            let trial = Trial::test(format!("{name}::{leaf}"), move || {
                issued(&fs::read(leaf_file)?, &fs::read(root_file)?, algorithm, provider)
            });
            trials.push(trial.with_ignored_flag(absent));
        }
        for statement in STATEMENTS {
            let file = vectors().join("scitt").join(statement).with_extension("cbor");
            let absent = !file.exists();
            let trial = Trial::test(format!("{name}::{statement}"), move || {
                signed(&fs::read(file)?, provider)
            });
            trials.push(trial.with_ignored_flag(absent));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Where the published vectors lie.
fn vectors() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let named = std::env::var_os("CONFORMANCE_VECTORS").filter(|path| !path.is_empty());
    workspace.join(named.map_or_else(|| PathBuf::from("../shared/vectors"), PathBuf::from))
}

fn wants(holds: bool, what: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(what.into()) }
}

fn issued(
    leaf: &[u8],
    root: &[u8],
    algorithm: Algorithm,
    provider: &dyn Provider,
) -> Result<(), Failed> {
    let context = Context::new(provider);
    let anchors = [TrustAnchor::new(root)?];
    let validate = |leaf: &[u8]| -> Result<(), Error> {
        let request = PathRequest {
            end_entity: leaf,
            intermediates: &[],
            anchors: &anchors,
            time: Some(ISSUED_AT),
            limits: Limits::DEFAULT,
        };
        let path = WebPki::new().validate(&request, &context)?;
        let key = path.end_entity().public_key_for(algorithm)?;
        assert!(key.profile().is_for(algorithm));
        assert_eq!(path.validity(), ValidityCheck::At(ISSUED_AT));
        Ok(())
    };
    validate(leaf)?;
    let mut changed = leaf.to_vec();
    *changed.last_mut().ok_or("an empty file")? ^= 1;
    let fault = ErrorKind::Policy(Policy::CertificationPath(PathFault::Signature));
    wants(validate(&changed).map_err(|error| error.kind()) == Err(fault), "a changed signature")
}

fn signed(statement: &[u8], provider: &dyn Provider) -> Result<(), Failed> {
    let message = Sign1::decode(statement, &Profile::LENIENT)?;
    let headers = message.headers();
    let chain = headers.protected().x5chain()?.or(headers.unprotected().x5chain()?);
    let certificates: Vec<&[u8]> = chain.ok_or("no x5chain")?.iter().collect();
    let root = certificates.last().ok_or("no root")?;
    let anchors = [TrustAnchor::new(root)?];
    // The second at which the youngest of them became valid, and a day later.
    let mut youngest = i64::MIN;
    for certificate in &certificates {
        youngest = youngest.max(Certificate::decode(certificate)?.not_before().floor());
    }
    let purposes = WebPki::new().for_purposes(&PURPOSES);
    let verify = |validator: &dyn PathValidator, time: i64| {
        let time = Some(Time::Seconds(time));
        let paths = CertificationPaths::new(validator, &anchors, time);
        message.verify(&Input::embedded(), &paths, &Context::new(provider)).map(|_| ())
    };
    verify(&purposes, youngest)?;
    verify(&purposes, youngest + 3600)?;
    let early = verify(&purposes, youngest - 1).map_err(|error| error.kind());
    let not_yet = ErrorKind::Policy(Policy::CertificationPath(PathFault::NotYetValid));
    wants(early == Err(not_yet), "a second too early")?;
    wants(verify(&WebPki::new(), youngest).is_err(), "purposes that the verifier does not name")
}
