//! A session without heap: signing in two steps, the answer bound to the token.

use cose_ext::{
    Content, Context, Input, MapBuilder, Profile, Sign1, Value,
    crypto::{Algorithm, Signer},
    key::TrustedKey,
    rustcrypto::{P256SigningKey, RustCrypto},
    sign1::Sign1Builder,
};
use stubs::{
    Error,
    teep_poll::{Output, Tam},
};

type TestResult = Result<(), Box<dyn std::error::Error>>;

const TOKEN: [u8; 16] = *b"a fresh token...";

fn tam_key() -> Result<P256SigningKey, String> {
    let key = canary_fixtures::issuer_key().and_then(|key| key.with_algorithm(Algorithm::ESP256));
    key.map_err(|error| error.to_string())
}

/// Polls, signs with the key of the TAM, and gives the message that is sent.
fn query_request(tam: &mut Tam) -> Result<Vec<u8>, String> {
    let (key, mut signature) = (tam_key()?, [0; 64]);
    // Two buffers: nothing is remembered of the first one.
    let (mut out, mut message) = ([0; 128], [0; 256]);
    let Ok(Output::Sign { algorithm, tbs }) = tam.poll(&mut out) else {
        return Err("nothing is to be signed".into());
    };
    assert_eq!(algorithm, key.algorithm());
    let len = key.sign(&tbs.parts(), &mut signature).map_err(|error| error.to_string())?;
    let signature = signature.get(..len).unwrap_or_default();
    Ok(tam.signed(signature, &mut message).map_err(|error| error.to_string())?.to_vec())
}

/// `[2, {20: token}]`, signed with the agent's key.
fn query_response(token: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let options = MapBuilder::new().with(20, token);
    let payload = Value::Array(&[2.into(), Value::Map(&options)]).to_bytes();
    let agent = canary_fixtures::service_key().map_err(|error| error.to_string())?;
    Ok(Sign1Builder::new().sign(Content::Embedded(&payload), &agent)?)
}

#[test]
fn what_is_sent_verifies_and_says_what_it_should() -> TestResult {
    let mut tam = Tam::new(TOKEN);
    let message = query_request(&mut tam)?;
    let key = tam_key()?.public_key();
    let key = TrustedKey::new(key.as_public_key(), &Context::new(&RustCrypto))?;
    let message = Sign1::decode_tagged(&message, &Profile::DETERMINISTIC)?;
    let signed = message.verify(&Input::embedded(), &key, &Context::new(&RustCrypto))?;
    let suite = [Value::Int(cose_ext::cbor::Int::new(18)), Algorithm::ESP256.into()];
    let profile = [Algorithm::SHA256.value(), Algorithm::ESP256.value(), -29, 1].map(Value::from);
    let expected = Value::Array(&[
        1.into(),
        Value::Map(&MapBuilder::new().with(20, TOKEN.as_slice())),
        Value::Array(&[Value::Array(&[Value::Array(&suite)])]),
        Value::Array(&[Value::Array(&profile)]),
        2.into(),
    ]);
    assert_eq!(signed.value().payload(), expected.to_bytes());
    Ok(())
}

#[test]
fn the_answer_has_our_token_and_a_trusted_signature() -> TestResult {
    let agent = canary_fixtures::service_key().map_err(|error| error.to_string())?.public_key();
    let agent = TrustedKey::new(agent.as_public_key(), &Context::new(&RustCrypto))?;
    let stranger = tam_key()?.public_key();
    let stranger = TrustedKey::new(stranger.as_public_key(), &Context::new(&RustCrypto))?;
    let context = Context::new(&RustCrypto);
    let mut tam = Tam::new(TOKEN);
    let answer = query_response(&TOKEN)?;
    assert_eq!(tam.receive(&answer, &agent, &context).err(), Some(Error::OutOfTurn));
    query_request(&mut tam)?;
    assert!(tam.receive(&answer, &stranger, &context).is_err());
    let replayed = query_response(b"the token before")?;
    assert_eq!(tam.receive(&replayed, &agent, &context).err(), Some(Error::OutOfTurn));
    assert!(matches!(tam.poll(&mut []), Ok(Output::Wait)), "refused messages change nothing");
    assert!(tam.receive(&answer, &agent, &context).is_ok());
    assert!(matches!(tam.poll(&mut []), Ok(Output::Done)));
    assert_eq!(tam.receive(&answer, &agent, &context).err(), Some(Error::OutOfTurn), "once");
    Ok(())
}

#[test]
fn a_short_buffer_loses_nothing() -> TestResult {
    let mut tam = Tam::new(TOKEN);
    assert_eq!(tam.poll(&mut [0; 8]).err(), Some(Error::Full));
    assert_eq!(tam.signed(&[0; 64], &mut [0; 64]).err(), Some(Error::Full));
    assert!(query_request(&mut tam).is_ok());
    assert_eq!(tam.signed(&[0; 64], &mut [0; 256]).err(), Some(Error::OutOfTurn));
    Ok(())
}
