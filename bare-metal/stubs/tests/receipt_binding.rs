//! Logged is one thing, signed another; both are about the same bytes.

use canary_fixtures::Made;
use canary_story::{Files, ISSUER, SERVICE};
use cose_ext::{
    Context, Profile,
    crypto::Algorithm,
    key::{CoseKey, TrustedKey},
    rustcrypto::RustCrypto,
};
use scitt_core::{
    Error as ScittError, ErrorKind, Rule, ServiceKey, TransparentStatement, TrustedService,
};
use stubs::{
    Error,
    receipt_binding::{logged, signed},
};

type TestResult = Result<(), Box<dyn std::error::Error>>;

fn trusted(key: &[u8]) -> Result<TrustedKey<'_>, cose_ext::Error> {
    TrustedKey::new(
        CoseKey::decode(key, &Profile::LENIENT)?.public_key()?,
        &Context::new(&RustCrypto),
    )
}

/// Calls `test` with the receipt of `statement`, a transparent one.
fn with_receipt(
    statement: &[u8],
    files: &Files<'_>,
    test: impl FnOnce(&[u8], &TrustedService<'_>, &Context<'_>) -> TestResult,
) -> TestResult {
    let keys = [ServiceKey::new(trusted(files.service_key)?, Algorithm::EDDSA)];
    let service = TrustedService { name: SERVICE, issuer: Some(SERVICE), keys: &keys };
    let statement = TransparentStatement::decode(statement, &Profile::LENIENT)?;
    let (_, receipt) = statement.receipts().iter().next().ok_or("no receipt")?;
    test(receipt, &service, &Context::new(&RustCrypto))
}

#[test]
fn a_logged_statement_is_signed_only_when_its_issuer_is_asked() -> TestResult {
    let made = Made::new()?;
    let files = made.files();
    let (issuer, stranger) = (trusted(files.issuer_key)?, trusted(files.service_key)?);
    let statement = files.transparent_statement;
    with_receipt(statement, &files, |receipt, service, context| {
        let logged = logged(statement, receipt, service, context)?;
        assert_eq!(logged.root().value().hash().as_slice(), files.root);
        assert!(signed(statement, &stranger, context).is_err());
        let says = signed(statement, &issuer, context).ok();
        assert_eq!(says.as_ref().and_then(|says| says.value().issuer()), Some(ISSUER));
        assert_ne!(says.map(|says| *says.by()).as_ref(), Some(logged.root().by()));
        Ok(())
    })
}

#[test]
fn the_receipt_of_another_statement_binds_nothing() -> TestResult {
    let made = Made::new()?;
    let files = made.files();
    with_receipt(files.grafted_statement, &files, |receipt, service, context| {
        let refused = logged(files.transparent_statement, receipt, service, context).err();
        let binds = ScittError::new(ErrorKind::Broken(Rule::ReceiptBinds)).at(0);
        assert_eq!(refused, Some(Error::Scitt(binds)));
        Ok(())
    })
}
