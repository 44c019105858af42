//! What another implementation made, judged.

use cose_ext::key::{CoseKey, TrustedKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Context, Input, Profile};
use merkle_proof::cose::Receipt;
use scitt_core::{
    EntryRule, Error, ReceiptRules, Requirements, ServiceKey, SignedStatement, StatementEntries,
    TransparentStatement, TrustedService, Verifier,
};

use super::Trouble;
use super::case::{Case, Expected};

const PROFILE: &Profile = &Profile::LENIENT;

/// Judges them all, and names those that come out otherwise than expected.
pub(crate) fn all(cases: &[Case]) -> Result<(), Trouble> {
    let (mut failed, mut good, mut broken) = (0, 0, 0);
    for case in cases {
        match judge(case) {
            Ok(found) if found == case.expected => {
                let is_good = found.statement && found.receipt;
                *(if is_good { &mut good } else { &mut broken }) += 1;
            }
            Ok(found) => {
                failed += 1;
                eprintln!("{}: {found:?}, and {:?} was expected", case.name, case.expected);
            }
            Err(trouble) => {
                failed += 1;
                eprintln!("{}: {trouble}", case.name);
            }
        }
    }
    println!("{good} statements with receipts verified, {broken} refused, {failed} failures");
    if failed == 0 && good > 0 && broken > 0 {
        Ok(())
    } else {
        Err("not all came out as they should".into())
    }
}

fn judge(case: &Case) -> Result<Expected, Trouble> {
    let context = Context::new(&RustCrypto);
    let issuer = CoseKey::decode(&case.issuer_key, PROFILE)?.public_key()?;
    let issuer = TrustedKey::new(issuer, &context)?.for_issuer(&case.issuer);
    let log = CoseKey::decode(&case.log_key, PROFILE)?.public_key()?;
    let receipt = Receipt::decode(&case.receipt, PROFILE)?;
    let algorithm = receipt.message().algorithm()?;
    let keys = [ServiceKey::new(TrustedKey::new(log, &context)?, algorithm)
        .with_entry_rule(EntryRule::SCITT_COSE)];
    let services = [TrustedService { name: "log", issuer: None, keys: &keys }];

    let statement = SignedStatement::decode(&case.statement, PROFILE)?;
    let input = Input::embedded();
    let signed = statement.verify(&input, &issuer, Requirements::Lenient, &context);
    if let Ok(signed) = &signed
        && signed.value().payload() != case.payload
    {
        return Err("another payload".into());
    }
    let rules = ReceiptRules { requirements: Requirements::Lenient, ..ReceiptRules::DEFAULT };
    let mut entries = StatementEntries::new(&statement, &input)?;
    let included = services[0].verify_inclusion(&mut entries, &receipt, &rules, &context);
    let expected = Expected {
        statement: signed.is_ok(),
        receipt: included.is_ok(),
        rfc9943: case.expected.rfc9943,
    };

    // And as a relying party does it, in one call.
    let bytes = statement.with_receipts(&[&case.receipt])?;
    let transparent = TransparentStatement::decode(&bytes, PROFILE)?;
    let verifier = Verifier::new(&issuer, &services);
    let verify = |requirements| -> Result<(), Error> {
        let verifier = verifier.with_requirements(requirements);
        verifier.verify(&transparent, &input, &context).map(drop)
    };
    let is_good = expected.statement && expected.receipt;
    if verify(Requirements::Lenient).is_ok() != is_good {
        return Err("one call comes to another verdict".into());
    }
    let rfc9943 =
        if is_good { verify(Requirements::Rfc9943).is_ok() } else { case.expected.rfc9943 };
    Ok(Expected { rfc9943, ..expected })
}
