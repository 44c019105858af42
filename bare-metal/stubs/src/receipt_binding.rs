//! A receipt that came on its own is bound to a statement. Left out: several receipts, several
//! services; `scitt_core::Verifier` does that.

use cose_ext::{Context, Input, Verified, key::KeyResolver};
use merkle_proof::cose::Receipt;
use scitt_core::{
    Included, LoggedStatement, ReceiptRules, Requirements, SignedStatement, Statement,
    StatementEntries, TrustedService,
};

use crate::Error;

/// Returns the statement that is in the log of `service`. Its issuer is not checked, and the type
/// says so.
///
/// # Errors
/// If the receipt is of another statement, or not the service's.
pub fn logged<'s>(
    statement: &'s [u8],
    receipt: &'s [u8],
    service: &TrustedService<'_>,
    context: &Context<'_>,
) -> Result<Included<'s, LoggedStatement<'s>>, Error> {
    let statement = SignedStatement::decode(statement, &context.profile)?;
    let receipt = Receipt::decode(receipt, &context.profile).map_err(scitt_core::Error::from)?;
    let mut entries = StatementEntries::new(&statement, &Input::embedded())?;
    Ok(service.verify_inclusion(&mut entries, &receipt, &ReceiptRules::DEFAULT, context)?)
}

/// Returns what the issuer of a statement says, signed by one of `issuers`.
///
/// # Errors
/// If they did not sign it.
pub fn signed<'s>(
    statement: &'s [u8],
    issuers: &dyn KeyResolver,
    context: &Context<'_>,
) -> Result<Verified<Statement<'s, 's>>, Error> {
    let statement = SignedStatement::decode(statement, &context.profile)?;
    Ok(statement.verify(&Input::embedded(), issuers, Requirements::Rfc9943, context)?)
}
