//! A governed service, its policies, and who makes them.

#![allow(dead_code)] // Each test file uses its part.

use cose_ext::{
    Input,
    crypto::Signer,
    header::ContentType,
    rustcrypto::{Ed25519SigningKey, P256SigningKey},
};
use merkle_proof::Sha256Tree;
use scitt_core::{
    Bootstrap, Error, ErrorKind, GovernedService, Log, MemoryLog, Policy, PolicyIssuer, ReceiptKey,
    Rule, StatementBuilder, TransparencyService,
};
use testkit::fixed_keys::Ed25519Key;

use crate::world::*;

pub(crate) const ADMINISTRATOR: &str = "https://administrator.example";
pub(crate) const ROOT: &str = "https://root.example";
pub(crate) const NEXT_SERVICE_KID: &[u8] = b"log 2";
/// The key that follows [`SERVICE`].
pub(crate) static NEXT_SERVICE: Ed25519Key = OTHER_SERVICE;

pub(crate) fn administrator_signer() -> P256SigningKey {
    P256SigningKey::from_bytes(&[0x21; 32]).unwrap()
}

pub(crate) fn root_signer() -> P256SigningKey {
    P256SigningKey::from_bytes(&[0x22; 32]).unwrap()
}

/// Somebody with one key, whose kid is the kid of the tests.
pub(crate) fn party(issuer: &str, signer: &P256SigningKey) -> PolicyIssuer {
    let public = signer.public_key();
    PolicyIssuer::new(issuer).with_key(&public, KID, &context()).unwrap()
}

pub(crate) fn administrator() -> PolicyIssuer {
    party(ADMINISTRATOR, &administrator_signer())
}

/// A policy that lets the usual issuer register.
pub(crate) fn policy() -> Policy {
    without_issuers().registering(party(ISS, &ec_signer(&ISSUER)))
}

pub(crate) fn without_issuers() -> Policy {
    Policy::new().administered_by(administrator()).rooted_in(party(ROOT, &root_signer()))
}

pub(crate) fn policy_statement(policy: &Policy) -> Vec<u8> {
    policy_statement_by(policy, SERVICE_ISS, ADMINISTRATOR, &administrator_signer())
}

pub(crate) fn policy_statement_by(
    policy: &Policy,
    service: &str,
    issuer: &str,
    signer: &dyn Signer,
) -> Vec<u8> {
    StatementBuilder::new(issuer, service)
        .key_id(KID)
        .typ(ContentType::MediaType(Policy::TYP))
        .content_type(ContentType::MediaType(Policy::CONTENT_TYPE))
        .sign(&policy.encode(), signer)
        .unwrap()
}

pub(crate) fn receipt_key(key: &Ed25519Key) -> ReceiptKey {
    let kid = if key.public == SERVICE.public { SERVICE_KID } else { NEXT_SERVICE_KID };
    let signer: Ed25519SigningKey = ed_signer(key);
    let public = signer.public_key();
    ReceiptKey::new(kid, signer.algorithm()).with_public_key(&public)
}

pub(crate) fn endorsement_of(key: &Ed25519Key) -> Vec<u8> {
    endorsement_by(&receipt_key(key), SERVICE_ISS, ROOT, &root_signer())
}

pub(crate) fn endorsement_by(
    key: &ReceiptKey,
    service: &str,
    issuer: &str,
    signer: &dyn Signer,
) -> Vec<u8> {
    StatementBuilder::new(issuer, service)
        .key_id(KID)
        .typ(ContentType::MediaType(ReceiptKey::TYP))
        .sign(&key.to_cose_key().unwrap(), signer)
        .unwrap()
}

/// A governed service over a log.
pub(crate) fn governed<L>(log: L, bootstrap: Bootstrap) -> GovernedService<L>
where
    L: Log<Error: core::fmt::Debug>,
{
    let service = TransparencyService::over(log, SERVICE_ISS, receipt_key(&SERVICE));
    GovernedService::open(service, bootstrap, &context()).unwrap()
}

/// One of many statements of the usual issuer.
pub(crate) fn statement_no(number: u32) -> Vec<u8> {
    let _ = Input::embedded();
    let subject = format!("part {number}");
    StatementBuilder::new(ISS, &subject).key_id(KID).sign(PAYLOAD, &ec_signer(&ISSUER)).unwrap()
}

pub(crate) fn refused(rule: Rule) -> Error {
    ErrorKind::Refused(rule).into()
}

pub(crate) fn register(
    service: &mut GovernedService<MemoryLog<Sha256Tree>>,
    statement: &[u8],
) -> Result<u64, Error> {
    let entry = service.register(statement, &Input::embedded(), LOGGED_AT, &context());
    refusal(entry).map(|entry| entry.index())
}

pub(crate) fn first() -> GovernedService<MemoryLog<Sha256Tree>> {
    governed(MemoryLog::new(Sha256Tree), Bootstrap::FirstStatement)
}
