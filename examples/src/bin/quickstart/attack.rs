//! What must be refused, and is.

use std::error::Error;

use cose_ext::Profile;
use scitt_core::SignedStatement;

use crate::{make::Made, relying_party::RelyingParty};

/// One byte of the artifact changed.
pub(crate) fn changed_artifact(
    party: &RelyingParty,
    artifact: &[u8],
) -> Result<(), Box<dyn Error>> {
    let mut changed = artifact.to_vec();
    match changed.first_mut() {
        Some(byte) => *byte ^= 1,
        None => changed.push(0),
    }
    refused("one byte of the artifact changed", "C41", party.verify(&changed))
}

/// The receipt of another statement put into ours.
pub(crate) fn grafted_receipt(
    party: &RelyingParty,
    artifact: &[u8],
    made: &Made,
) -> Result<(), Box<dyn Error>> {
    let statement = SignedStatement::decode(&made.statement, &Profile::LENIENT)?;
    let mut party = party.clone();
    party.statement = statement.with_receipts(&[&made.receipt_of_another])?;
    refused("the receipt of another statement grafted on", "S14", party.verify(artifact))
}

/// The relying party trusts another service.
pub(crate) fn unknown_service(
    party: &RelyingParty,
    artifact: &[u8],
    made: &Made,
) -> Result<(), Box<dyn Error>> {
    let mut party = party.clone();
    party.service_keys = made.other_service_keys.clone();
    refused("a receipt by a service key that nobody trusts", "S13", party.verify(artifact))
}

fn refused(
    attack: &str,
    rule: &str,
    verdict: Result<String, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    match verdict {
        Ok(_) => Err(format!("accepted: {attack}").into()),
        Err(error) if error.to_string().contains(&format!("({rule},")) => {
            println!("   {attack}\n      refused: {error}");
            Ok(())
        }
        Err(error) => {
            Err(format!("{attack}: refused for another reason than {rule}: {error}").into())
        }
    }
}
