//! Kind `cose-sign1-signing`: a message to be made. Signatures differ from signer to signer; the file says up to which
//! byte the output is the same for all.

use cose_ext::Content;
use cose_ext::crypto::{PublicKey, Signer};
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Context, Input, Profile, Sign1, Value};
use sha2::Digest;
use testkit::cose_wg::Example;
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::build::lacks;
use crate::key::VectorKey;

pub(crate) fn run(case: &Case) -> Result<Outcome, Trouble> {
    let example = Example::from_json(&case.json()?)?;
    let named = example.signer()?;
    let key = VectorKey::from_jwk(&named.key)?;
    let key = key.public_key();
    let expected = Sign1::decode_tagged(&example.message, &Profile::LENIENT)?;
    let algorithm = expected.algorithm()?;
    let mut facts = Facts::new();
    facts
        .is_hex("message_sha256", sha2::Sha256::digest(&example.message))
        .is("alg", algorithm.value());
    if let Some(why) = lacks(algorithm, &key.profile()) {
        return Ok(Outcome::NotRun(why));
    }
    // What the file expects is a valid message whoever signed it.
    verify(&example.message, &example, &key)?;

    // Our builder, from the parameters that the file wants in each bucket.
    let mut builder = Sign1Builder::new();
    for (label, value) in expected.headers().protected().iter() {
        builder = builder.protected(label, Value::Encoded(value.bytes()));
    }
    for (label, value) in expected.headers().unprotected().iter() {
        builder = builder.unprotected(label, Value::Encoded(value.bytes()));
    }
    let payload = example.payload.as_deref().ok_or("no payload")?;
    let content =
        if example.detached { Content::Detached(payload) } else { Content::Embedded(payload) };
    let prepared = builder.clone().external_aad(&example.external).prepare(algorithm, content)?;
    let to_be_signed = prepared.structure().parts().concat();
    facts.is_hex("to_be_signed_hex", &to_be_signed);
    if named.to_be_signed.as_ref() != Some(&to_be_signed) {
        return Ok(Outcome::Failed(format!("Sig_structure {}", hex::encode(&to_be_signed))));
    }

    // Signers of RSASSA-PSS choose their salt: there the published signature is attached, and the whole message must
    // come out.
    let private = named.key.part("d").unwrap_or_default();
    let made = match signer(named.key.crv.as_deref(), private) {
        Some(signer) if signer.algorithm() == algorithm => {
            let again = builder.clone().external_aad(&example.external).sign(content, &*signer)?;
            let made = builder.external_aad(&example.external).sign(content, &*signer)?;
            if made != again {
                return Ok(Outcome::Failed("two signatures of one message differ".into()));
            }
            made
        }
        Some(_) => return Ok(Outcome::Failed("the signer is of another algorithm".into())),
        None => {
            let made = prepared.attach(expected.signature());
            if made != example.message {
                return Ok(Outcome::Failed(format!("made {}", hex::encode(made))));
            }
            made
        }
    };
    verify(&made, &example, &key)?;
    let same = made.iter().zip(&example.message).take_while(|(a, b)| a == b).count();
    let fixed = usize::try_from(case.fact_u64("fixed_output_length")?)?;
    if same < fixed {
        return Ok(Outcome::Failed(format!("only {same} bytes are as published, of {fixed}")));
    }
    facts.is("fixed_output_length", same.min(fixed));
    Ok(Outcome::Accepted(facts))
}

fn verify(message: &[u8], example: &Example, key: &PublicKey<'_>) -> Result<(), Trouble> {
    let message = Sign1::decode_tagged(message, &Profile::LENIENT)?;
    let payload = example.payload.as_deref().unwrap_or_default();
    let input = if example.detached { Input::detached(payload) } else { Input::embedded() };
    let input = input.with_external_aad(&example.external);
    let trusted = TrustedKey::new(*key, &Context::new(&RustCrypto))?;
    let verified = message.verify(&input, &trusted, &Context::new(&RustCrypto))?;
    if verified.value().payload() == payload { Ok(()) } else { Err("another payload".into()) }
}

fn signer(curve: Option<&str>, private: &[u8]) -> Option<Box<dyn Signer>> {
    match curve? {
        #[cfg(feature = "p256")]
        "P-256" => Some(Box::new(cose_ext::rustcrypto::P256SigningKey::from_bytes(private).ok()?)),
        #[cfg(feature = "p384")]
        "P-384" => Some(Box::new(cose_ext::rustcrypto::P384SigningKey::from_bytes(private).ok()?)),
        #[cfg(feature = "p521")]
        "P-521" => Some(Box::new(cose_ext::rustcrypto::P521SigningKey::from_bytes(private).ok()?)),
        #[cfg(feature = "ed25519")]
        "Ed25519" => {
            Some(Box::new(cose_ext::rustcrypto::Ed25519SigningKey::from_bytes(private).ok()?))
        }
        _ => None,
    }
}
