//! A receipt that came on its own is bound to a statement. Left out: several receipts, several
//! services; `scitt_core::Verifier` does that.

use cose_ext::{Context, Input, Payload, Verified, key::KeyResolver};
use merkle_proof::cose::{Receipt, ReceiptReading};
use scitt_core::{Included, Requirements, SignedStatement, Statement, TrustedService};

use crate::Error;

/// A statement that is in the log of `service`. Its issuer is not checked, and the type says so.
///
/// # Errors
/// If the receipt is of another statement, or not the service's.
pub fn logged<'s>(
    statement: &'s [u8],
    receipt: &'s [u8],
    service: &TrustedService<'_>,
    context: &Context<'_>,
) -> Result<Included<'s, SignedStatement<'s>>, Error> {
    let statement = SignedStatement::decode(statement, &context.profile)?;
    let receipt = Receipt::decode(receipt, &context.profile).map_err(scitt_core::Error::from)?;
    let (reading, requirements) = (ReceiptReading::DEFAULT, Requirements::Rfc9943);
    let payload = Payload::Embedded;
    Ok(service.verify_inclusion(&statement, payload, &receipt, &reading, requirements, context)?)
}

/// What the issuer of a logged statement says: the same bytes, signed by one of `issuers`.
///
/// # Errors
/// If they did not.
pub fn signed<'s>(
    logged: &Included<'s, SignedStatement<'s>>,
    issuers: &dyn KeyResolver,
    context: &Context<'_>,
) -> Result<Verified<Statement<'s, 's>>, Error> {
    let (input, requirements) = (Input::embedded(), Requirements::Rfc9943);
    Ok(logged.value().verify(&input, issuers, requirements, context)?)
}
