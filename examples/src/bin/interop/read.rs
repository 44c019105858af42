//! What another library made: opened and compared.

use std::collections::BTreeMap;

use cose_ext::error::{ErrorKind, Policy};
use cose_ext::key::{CoseKey, HeldSecret, Identity, KeySet};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign::SignPolicy;
use cose_ext::{Context, Encrypt, Encrypt0, Input, Mac, Mac0, Profile, Sign, Sign1};

use super::Trouble;
use super::case::Case;

const PROFILE: &Profile = &Profile::LENIENT;

/// Returns whether a key was tried and said no, be it one that the message names or one that answers to
/// everything.
fn is_refused_by_a_key(trouble: &Trouble) -> bool {
    trouble.downcast_ref().is_some_and(|error: &cose_ext::Error| match error.kind() {
        ErrorKind::Verification(_) => true,
        ErrorKind::Policy(Policy::NotEnrolled { tried }) => tried > 0,
        _ => false,
    })
}

/// Opens them all, and names those that do not open.
pub(crate) fn all(cases: &[Case]) -> Result<(), Trouble> {
    let mut failed = 0;
    let mut counts = BTreeMap::new();
    for case in cases {
        let maker = case.name.split(':').next().unwrap_or_default();
        match (open(case), &case.wrong) {
            // Wrong is what was signed or sealed; a message that cannot be read shows nothing.
            (Err(trouble), Some(_)) if is_refused_by_a_key(&trouble) => {
                *counts.entry((maker, "made wrong, and refused")).or_insert(0) += 1;
            }
            (Ok(_), Some(reason)) => {
                failed += 1;
                eprintln!("{}: opens, and is listed as wrong: {reason}", case.name);
            }
            (Ok(content), None) if content == case.content => {
                *counts.entry((maker, case.kind.as_str())).or_insert(0) += 1;
            }
            (Ok(content), None) => {
                failed += 1;
                eprintln!("{}: holds {}", case.name, hex::encode(content));
            }
            (Err(trouble), _) => {
                failed += 1;
                eprintln!("{}: {trouble}\n  {}", case.name, hex::encode(&case.message));
            }
        }
    }
    for ((maker, kind), count) in &counts {
        println!("{count:4} {maker}: {kind}");
    }
    println!("{} messages made elsewhere, {failed} failures", cases.len());
    if failed == 0 && !cases.is_empty() {
        Ok(())
    } else {
        Err("not all came out as they should".into())
    }
}

fn open(case: &Case) -> Result<Vec<u8>, Trouble> {
    let context = Context::new(&RustCrypto);
    let input = match &case.detached {
        Some(apart) => Input::detached(apart),
        None => Input::embedded(),
    };
    let input = input.with_external_aad(&case.external);
    let message = case.message.as_slice();
    if matches!(case.kind.as_str(), "sign1" | "sign" | "cwt") {
        let count = u8::try_from(case.keys.len()).ok().filter(|count| *count < 24);
        let set = [&[0x80 | count.ok_or("too many keys")?][..], &case.keys.concat()].concat();
        let keys = KeySet::decode(&set, PROFILE)?.trusted();
        return if case.kind == "sign" {
            let message = Sign::decode_tagged(message, PROFILE)?;
            let signed = message.verify(&input, &SignPolicy::All, &keys, &context)?;
            Ok(signed.value().payload().to_vec())
        } else {
            let message = Sign1::decode_tagged(message, PROFILE)?;
            Ok(message.verify(&input, &keys, &context)?.value().payload().to_vec())
        };
    }
    let key = case.keys.first().ok_or("no key")?;
    let key = CoseKey::decode(key, PROFILE)?;
    let secret = HeldSecret::new(key.secret_key(&RustCrypto)?, Identity::new([1; 32]));
    let mut plaintext = vec![0; message.len() + case.detached.as_ref().map_or(0, Vec::len)];
    Ok(match case.kind.as_str() {
        "mac0" => {
            let message = Mac0::decode_tagged(message, PROFILE)?;
            message.verify(&input, &secret, &context)?.value().payload().to_vec()
        }
        "mac" => {
            let message = Mac::decode_tagged(message, PROFILE)?;
            let opened = message.open(input, &secret, &context)?;
            opened.into_danger_unattributed().payload().to_vec()
        }
        "encrypt0" => {
            let message = Encrypt0::decode_tagged(message, PROFILE)?;
            message.decrypt(input, &secret, &context, &mut plaintext)?.value().payload().to_vec()
        }
        "unauthenticated0" => {
            let message = Encrypt0::decode_tagged(message, PROFILE)?;
            let opened =
                message.decrypt_unauthenticated(input, &secret, &context, &mut plaintext)?;
            opened.into_unauthenticated().to_vec()
        }
        "encrypt" => {
            let message = Encrypt::decode_tagged(message, PROFILE)?;
            let opened = message.decrypt(input, &secret, &context, &mut plaintext)?;
            opened.into_danger_unattributed().payload().to_vec()
        }
        other => return Err(format!("{other} is no kind of message").into()),
    })
}
