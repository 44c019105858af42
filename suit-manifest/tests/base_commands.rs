//! What is processed without the feature `trust-domains`: the commands of the base specification.
//! Those of trust domains, and dependencies, are refused by name, before anything is done.
#![cfg(not(feature = "trust-domains"))]

#[path = "support/made.rs"]
mod made;

use made::{
    Members, array, author, bstr, common, context, envelope, int, members, numbered, signed, with,
};
use suit_manifest::{
    AuthenticationPolicy, CommandKind, Condition, Directive, Envelope, Error, ErrorKind, Limits,
    Procedure, Processor, Readings, Target, Unsupported,
    cose_ext::{
        Trust,
        key::{TrustStore, TrustedKey},
    },
    label,
};

/// What the processor says of a manifest.
fn said(manifest: &Members) -> Result<(), Error> {
    let bytes = envelope(&signed(manifest));
    let context = context();
    let public = author().public_key();
    let keys = [TrustedKey::new(&public, &context).unwrap()];
    let keys = TrustStore::new(&keys);
    let envelope = Envelope::decode(&bytes, &context.profile).unwrap();
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context)?;
    let (limits, readings) = (Limits::DEFAULT, Readings::default());
    let target = Target { components: 1, stored: None, limits, readings };
    let (invoke, mut arena) = (Procedure::Invoke, []);
    Processor::<1, 2>::new(&envelope, &manifest, invoke, &target, &mut arena, &context).map(drop)
}

/// A manifest with one command in its section validate.
fn validating(code: i64, argument: Vec<u8>) -> Members {
    with(members(), label::manifest::VALIDATE, bstr(&array(&[int(code), argument])))
}

const OF_TRUST_DOMAINS: [(CommandKind, i64); 5] = [
    (CommandKind::Condition(Condition::DependencyIntegrity), 7),
    (CommandKind::Condition(Condition::IsDependency), 8),
    (CommandKind::Directive(Directive::ProcessDependency), 11),
    (CommandKind::Directive(Directive::SetParameters), 19),
    (CommandKind::Directive(Directive::Unlink), 33),
];

#[test]
fn the_commands_of_the_base_specification_are_taken() {
    for condition in [1, 2, 3, 5, 6, 14, 24] {
        assert_eq!(said(&validating(condition, int(0))), Ok(()), "{condition}");
    }
    for directive in [18, 21, 22, 23, 31] {
        assert_eq!(said(&validating(directive, int(0))), Ok(()), "{directive}");
    }
    assert_eq!(said(&validating(20, numbered(&[(14, int(1))]))), Ok(()));
}

#[test]
fn the_commands_of_trust_domains_are_refused_by_name() {
    for (kind, code) in OF_TRUST_DOMAINS {
        assert!(!kind.is_supported(), "{kind}");
        let argument = if code == 19 { numbered(&[(14, int(1))]) } else { int(0) };
        let error = said(&validating(code, argument)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported(Unsupported::Command(code)), "{kind}");
        assert!(error.offset().is_some(), "{kind}");
    }
}

#[test]
fn a_manifest_with_dependencies_is_refused() {
    let dependencies = numbered(&[(0, numbered(&[]))]);
    let common = with(common(), label::common::DEPENDENCIES, dependencies);
    let manifest = with(members(), label::manifest::COMMON, bstr(&numbered(&common)));
    let error = said(&manifest).unwrap_err();
    let member = Unsupported::Member(label::common::DEPENDENCIES);
    assert_eq!(error.kind(), ErrorKind::Unsupported(member));
    assert!(error.offset().is_some());
}
