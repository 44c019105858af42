//! Kinds `countersignature-v2` (the examples of RFC 9338) and `*+countersignature` (those of the working group, of the
//! age of RFC 8152): every countersignature, wherever in the message it stands, and the signatures of the targets.

use crate::named::Named;
use cose_ext::countersignature::Target;
use cose_ext::crypto::Algorithm;
use cose_ext::error::{ErrorKind, Unsupported, Verification};
use cose_ext::header::Headers;
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign::SignPolicy;
use cose_ext::{Context, Encrypt, Encrypt0, Error, Input, Mac, Mac0, Profile, Sign, Sign1};
use serde_json::{Value, json};
use sha2::Digest;
use testkit::cose_wg::Example;
use testkit::jwk::Jwk;
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::build::lacks;
use crate::key::VectorKey;

/// One layer of a message that can be countersigned, and what the file says of it.
struct Place<'m> {
    headers: Headers<'m>,
    target: Target<'m>,
    /// JSON pointers below `input` and `intermediates`.
    input: String,
    intermediates: String,
}

fn place<'m>(headers: &Headers<'m>, target: Target<'m>) -> Place<'m> {
    Place { headers: *headers, target, input: String::new(), intermediates: String::new() }
}

/// The layers of a message, the body first.
fn places(message: &[u8]) -> Result<(u64, Vec<Place<'_>>), Trouble> {
    let profile = Profile::LENIENT;
    Ok(match message {
        [0xd2, ..] => {
            let message = Sign1::decode_tagged(message, &profile)?;
            (Sign1::TAG, vec![place(message.headers(), Target::from(&message))])
        }
        [0xd1, ..] => {
            let message = Mac0::decode_tagged(message, &profile)?;
            (Mac0::TAG, vec![place(message.headers(), Target::from(&message))])
        }
        [0xd0, ..] => {
            let message = Encrypt0::decode_tagged(message, &profile)?;
            (Encrypt0::TAG, vec![place(message.headers(), Target::from(&message))])
        }
        [0xd8, 98, ..] => {
            let message = Sign::decode_tagged(message, &profile)?;
            let body = place(message.headers(), Target::from(&message));
            let layers = message.signatures().iter().enumerate().map(|(index, one)| Place {
                input: format!("/signers/{index}"),
                intermediates: format!("/signers/{index}"),
                ..place(one.headers(), Target::from(&one))
            });
            (Sign::TAG, [body].into_iter().chain(layers).collect())
        }
        [0xd8, tag @ (96 | 97), ..] => {
            let (body, recipients) = if *tag == 96 {
                let message = Encrypt::decode_tagged(message, &profile)?;
                (place(message.headers(), Target::from(&message)), *message.recipients())
            } else {
                let message = Mac::decode_tagged(message, &profile)?;
                (place(message.headers(), Target::from(&message)), *message.recipients())
            };
            let layers = recipients.iter().enumerate().map(|(index, one)| Place {
                input: format!("/recipients/{index}"),
                intermediates: format!("/recipients/{index}"),
                ..place(one.headers(), Target::from(&one))
            });
            ((*tag).into(), [body].into_iter().chain(layers).collect())
        }
        _ => return Err("a message of another kind".into()),
    })
}

fn about(message: &[u8], tag: u64) -> Facts {
    let mut facts = Facts::new();
    facts
        .is("message_bytes", message.len())
        .is_hex("message_sha256", sha2::Sha256::digest(message))
        .is("tag", tag);
    facts
}

/// The example of RFC 9338: one countersignature of the body, by the key beside it.
pub(crate) fn version2(case: &Case) -> Result<Outcome, Trouble> {
    let message = case.bytes()?;
    let (tag, places) = places(&message)?;
    let mut facts = about(&message, tag);
    let body = places.first().ok_or("no body")?;
    let all = body.headers.countersignatures(&Profile::LENIENT)?.ok_or("no countersignature")?;
    let [one] = all.iter().collect::<Vec<_>>()[..] else {
        return Ok(Outcome::Failed(format!("{} countersignatures", all.len())));
    };
    let structure =
        one.to_be_signed(body.target, &Input::embedded(), &Profile::LENIENT)?.parts().concat();
    let algorithm = one.algorithm()?;
    facts
        .is_hex("countersign_structure_hex", &structure)
        .is("countersignature_alg", algorithm.value());
    let key = VectorKey::from_jwk(&Jwk::from_json(&case.key_json(0)?)?)?;
    let trusted = TrustedKey::new(key.public_key(), &Context::new(&RustCrypto))?;
    let context = Context::new(&RustCrypto);
    let verdict = one.verify(body.target, &Input::embedded(), &Named(trusted), &context);
    if let Some(why) = lacks(algorithm, &key.public_key().profile()) {
        let stated = case.fact_hex("countersign_structure_hex")?;
        return Ok(match verdict.map_err(|error| error.kind()) {
            Err(ErrorKind::Unsupported(Unsupported::Algorithm(_) | Unsupported::Key(_)))
                if stated == structure =>
            {
                Outcome::NotRun(why)
            }
            other => Outcome::Failed(format!("{why}, and the verdict is {other:?}")),
        });
    }
    match verdict {
        Ok(verified) if verified.by().identity() == trusted.identity() => {}
        other => return Ok(Outcome::Failed(format!("{other:?}"))),
    }
    // No other layer of the message is what was countersigned.
    for other in places.iter().skip(1) {
        let verdict = one.verify(other.target, &Input::embedded(), &Named(trusted), &context);
        if !is_wrong(&verdict.map(drop)) {
            return Ok(Outcome::Failed("a countersignature of two layers".into()));
        }
    }
    Ok(Outcome::Accepted(facts))
}

fn is_wrong(verdict: &Result<(), Error>) -> bool {
    matches!(
        verdict.map_err(|error| error.kind()),
        Err(ErrorKind::Verification(Verification::InvalidCountersignature { .. }))
    )
}

/// An example of the working group: countersignatures under the labels of RFC 8152.
pub(crate) fn rfc8152(case: &Case) -> Result<Outcome, Trouble> {
    let file = case.json()?;
    let example = Example::from_json(&file)?;
    let (tag, places) = places(&example.message)?;
    let mut facts = about(&example.message, tag);
    let mut found = 0;
    for (layer, place) in places.iter().enumerate() {
        if place.headers.countersignatures(&Profile::LENIENT)?.is_some()
            || place.headers.countersignature0()?.is_some()
        {
            return Ok(Outcome::Failed("found under the labels of RFC 9338".into()));
        }
        let (full, abbreviated) =
            (full(&file, &example, place)?, abbreviated(&file, &example, place)?);
        match (layer, full, &abbreviated) {
            (0, 1.., _) => drop(facts.is("countersignature_label", 7)),
            (0, _, Some(structure)) => drop(facts.is_hex("countersign0_structure_hex", structure)),
            _ => {}
        }
        found += full + usize::from(abbreviated.is_some());
    }
    if found == 0 {
        return Ok(Outcome::Failed("no countersignature".into()));
    }
    algorithms(tag, &places, &mut facts)?;
    target(tag, &example, &mut facts)?;
    Ok(Outcome::Accepted(facts))
}

/// The full countersignatures of a layer, each verified; how many.
fn full(file: &Value, example: &Example, place: &Place<'_>) -> Result<usize, Trouble> {
    let named = signers(file, example, place, "countersign");
    let Some(all) = place.headers.countersignatures_of_rfc8152(&Profile::LENIENT)? else {
        return if named.is_empty() { Ok(0) } else { Err("no full countersignature".into()) };
    };
    if all.len() != named.len() {
        return Err(format!("{} countersignatures, not {}", all.len(), named.len()).into());
    }
    let context = Context::new(&RustCrypto);
    for (index, one) in all.iter().enumerate() {
        let structure =
            one.to_be_signed(place.target, &Input::embedded(), &Profile::LENIENT)?.parts().concat();
        is_stated(file, place, &format!("countersigners/{index}"), &structure)?;
        // Each key verifies its own and no other.
        for (other, named) in named.iter().enumerate() {
            let key = VectorKey::from_jwk(&Jwk::from_json(&named["key"])?)?;
            let trusted = TrustedKey::new(key.public_key(), &Context::new(&RustCrypto))?;
            let verdict = one.verify(place.target, &Input::embedded(), &Named(trusted), &context);
            match verdict.map_err(|error| error.kind()) {
                Ok(verified) if other == index && verified.by().signature() == index => {
                    if verified.value().authenticator().is_some() {
                        return Err("vouches for more than RFC 8152 covers".into());
                    }
                }
                Err(ErrorKind::Policy(_) | ErrorKind::Verification(_)) if other != index => {}
                verdict => {
                    return Err(format!("{index} under key {other}: {verdict:?}").into());
                }
            }
        }
    }
    Ok(all.len())
}

/// The structure of the abbreviated countersignature of a layer, verified, if there is one.
fn abbreviated(
    file: &Value,
    example: &Example,
    place: &Place<'_>,
) -> Result<Option<Vec<u8>>, Trouble> {
    let named = signers(file, example, place, "countersign0");
    let (one, named) = match (place.headers.countersignature0_of_rfc8152()?, &named[..]) {
        (Some(one), [named]) => (one, named),
        (None, []) => return Ok(None),
        (one, named) => return Err(format!("{one:?}, and {} named", named.len()).into()),
    };
    let structure =
        one.to_be_signed(place.target, &Input::embedded(), &Profile::LENIENT)?.parts().concat();
    is_stated(file, place, "countersign0/0", &structure)?;
    let algorithm = match named.pointer("/unsent/alg").and_then(Value::as_str) {
        Some("EdDSA") => Algorithm::EDDSA,
        other => return Err(format!("algorithm {other:?}").into()),
    };
    let key = VectorKey::from_jwk(&Jwk::from_json(&named["key"])?)?;
    let trusted = TrustedKey::new(key.public_key(), &Context::new(&RustCrypto))?;
    let (input, context) = (Input::embedded(), Context::new(&RustCrypto));
    let _ = one.verify(place.target, &input, algorithm, &Named(trusted), &context)?;
    Ok(Some(structure))
}

fn signers<'f>(
    file: &'f Value,
    example: &Example,
    place: &Place<'_>,
    name: &str,
) -> Vec<&'f Value> {
    let pointer = format!("/input/{}{}/{name}/signers", example.layer, place.input);
    file.pointer(&pointer).and_then(Value::as_array).into_iter().flatten().collect()
}

fn is_stated(file: &Value, place: &Place<'_>, at: &str, structure: &[u8]) -> Result<(), Trouble> {
    let pointer = format!("/intermediates{}/{at}/ToBeSign_hex", place.intermediates);
    let stated = file.pointer(&pointer).and_then(Value::as_str).ok_or("no structure is stated")?;
    if hex::decode(stated)? == structure {
        Ok(())
    } else {
        Err(format!("Countersign_structure {}, not {stated}", hex::encode(structure)).into())
    }
}

fn algorithms(tag: u64, places: &[Place<'_>], facts: &mut Facts) -> Result<(), Trouble> {
    let below = places.iter().skip(1).map(|place| Ok(place.headers.algorithm()?.value()));
    let below = below.collect::<Result<Vec<i64>, Trouble>>()?;
    if tag == Sign::TAG {
        facts.is("alg", below);
        return Ok(());
    }
    let body = places.first().ok_or("no body")?;
    facts.is("alg", body.headers.algorithm()?.value());
    if !below.is_empty() {
        facts.is("recipient_alg", below);
    }
    Ok(())
}

/// The signatures of a target that has some; tags and ciphertexts are for the kinds without countersignatures.
fn target(tag: u64, example: &Example, facts: &mut Facts) -> Result<(), Trouble> {
    if !matches!(tag, Sign1::TAG | Sign::TAG) {
        return Ok(());
    }
    let signer = example.signer()?;
    let key = VectorKey::from_jwk(&signer.key)?;
    let trusted = TrustedKey::new(key.public_key(), &Context::new(&RustCrypto))?;
    let (input, context) = (Input::embedded(), Context::new(&RustCrypto));
    let structure = if tag == Sign1::TAG {
        let message = Sign1::decode_tagged(&example.message, &Profile::LENIENT)?;
        let _ = message.verify(&input, &Named(trusted), &context)?;
        message.to_be_signed(&input, &Profile::LENIENT)?.parts().concat()
    } else {
        let message = Sign::decode_tagged(&example.message, &Profile::LENIENT)?;
        let _ = message.verify(&input, &SignPolicy::All, &Named(trusted), &context)?;
        let one = message.signatures().iter().next().ok_or("no signature")?;
        message.to_be_signed(&one, &input, &Profile::LENIENT)?.parts().concat()
    };
    let digest = hex::encode(sha2::Sha256::digest(structure));
    facts.is("to_be_authenticated_sha256", json!([digest]));
    Ok(())
}
