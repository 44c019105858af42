//! Verifies a transparent statement about an artifact, offline.

use cose_ext::{Input, Profile};
use scitt_core::{Error, Statement, TransparentStatement, Verifier};

use crate::{
    anchors::{Anchors, service},
    crypto::CONTEXT,
};

/// Checks that the maker signed the statement, that the service logged it, and that it is about this artifact.
pub(crate) fn verify(statement: &[u8], artifact: &[u8], anchors: &Anchors) -> Result<(), Error> {
    let issuer = anchors.statements();
    let keys = [anchors.service()];
    let services = [service(&keys)];
    let statement = TransparentStatement::decode(statement, &Profile::LENIENT)?;
    let verifier = Verifier::new(&issuer, &services);
    let transparent = verifier.verify(&statement, &Input::embedded(), &CONTEXT)?;
    let digest = transparent.statement().try_map(Statement::digest)?;
    digest.vouch_for_bytes(artifact, &CONTEXT).map(drop)?;
    Ok(())
}
