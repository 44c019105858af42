use cose_ext::{Input, Profile, Sign1};
use merkle_proof::cose::{Receipt, ReceiptVerifier};
use scitt_core::{Error, Statement, TransparentStatement, TrustedService, Verifier};

use crate::{
    Files, SERVICE,
    trust::{self, CONTEXT},
};

/// A message of the issuer, whose payload is the artifact.
pub(crate) fn sign1(files: &Files<'_>, message: &[u8]) -> Result<(), Error> {
    let message = Sign1::decode_tagged(message, &Profile::LENIENT)?;
    let verified = message.verify(&Input::embedded(), &trust::issuer(files)?, &CONTEXT)?;
    same(verified.value().payload(), files.artifact)
}

/// The entry leads to the root that the service signed.
pub(crate) fn receipt(files: &Files<'_>, receipt: &[u8]) -> Result<(), Error> {
    let receipt = Receipt::decode(receipt, &Profile::LENIENT)?;
    let key = trust::service(files)?.key;
    let root = receipt.verify_inclusion(&[files.entry], &ReceiptVerifier::new(&key, &CONTEXT))?;
    same(root.value().hash(), files.root)
}

/// The issuer signed the statement, the service logged it, and its digest vouches for `artifact`.
pub(crate) fn transparent_statement(
    files: &Files<'_>,
    statement: &[u8],
    artifact: &[u8],
) -> Result<(), Error> {
    let issuer = trust::issuer(files)?;
    let keys = [trust::service(files)?];
    let services = [TrustedService { name: SERVICE, issuer: Some(SERVICE), keys: &keys }];
    let statement = TransparentStatement::decode(statement, &Profile::LENIENT)?;
    let verifier = Verifier::new(&issuer, &services);
    let transparent = verifier.verify(&statement, &Input::embedded(), &CONTEXT)?;
    let digest = transparent.statement().try_map(Statement::digest)?;
    let vouched = digest.vouch_for_bytes(artifact, &CONTEXT)?;
    same(vouched.value(), files.artifact)?;
    same(transparent.inclusion().root().value().hash(), files.root)
}

fn same(found: &[u8], expected: &[u8]) -> Result<(), Error> {
    if found == expected {
        Ok(())
    } else {
        Err(Error::from(cose_ext::Error::from(cose_ext::error::Verification::DigestMismatch)))
    }
}
