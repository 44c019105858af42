//! What was published in deterministic form is written again, to the same bytes.

use cose_ext::{
    Authenticated, Content, Message, Profile, Value,
    cbor::{Reader, Strictness, Writer},
    crypto::{SecretKey, SymmetricKey},
    header::{Headers, Label},
    mac0::Mac0Builder,
    rustcrypto::RustCrypto,
    sign1::Sign1Builder,
};
use rats_eat::{Bundle, Claims, Token, attester};
use testkit::{Trouble, vectors::Case};

use crate::keys::OwnedKey;

const DETERMINISTIC: &Profile = &Profile::DETERMINISTIC;

/// Writes a claims set claim by claim; `None` if it did not come in deterministic form.
pub(crate) fn claims_set(bytes: &[u8]) -> Result<Option<Vec<u8>>, Trouble> {
    let Ok(claims) = Claims::decode(bytes, DETERMINISTIC) else { return Ok(None) };
    let mut buffer = vec![0; bytes.len()];
    let mut writer = Writer::new(&mut buffer);
    attester::write_claims(&mut writer, &|set| {
        for (key, value) in claims.iter() {
            set.claim(key, |writer| _ = writer.encoded(value.bytes()));
        }
    })?;
    Ok(Some(writer.finish().map_err(|error| error.to_string())?.to_vec()))
}

/// Writes a token again, if all of it came in deterministic form: headers parameter by parameter, claims one by one, the
/// signature as it came, a tag by the key of the case.
pub(crate) fn token(case: &Case, bytes: &[u8]) -> Result<(), Trouble> {
    let Ok(token) = Token::decode(bytes, DETERMINISTIC) else { return Ok(()) };
    let Message::Authenticated(message) = token.cwt().message() else { return Ok(()) };
    let Some(payload) = message.danger_unverified_payload() else { return Ok(()) };
    let Some(payload) = claims_set(payload)? else { return Ok(()) };
    let content = Content::Embedded(&payload);
    let Ok(algorithm) = message.headers().algorithm() else { return Ok(()) };
    let written = match message {
        Authenticated::Sign1(message) => {
            let builder = Sign1Builder::new();
            let builder = if message.is_tagged() { builder } else { builder.untagged() };
            let builder = protected(message.headers())
                .fold(builder, |builder, (label, value)| builder.protected(label, value));
            let builder = unprotected(message.headers())
                .fold(builder, |builder, (label, value)| builder.unprotected(label, value));
            builder.prepare(algorithm, content)?.attach(message.signature())
        }
        Authenticated::Mac0(message) => {
            let builder = Mac0Builder::new();
            let builder = if message.is_tagged() { builder } else { builder.untagged() };
            let builder = protected(message.headers())
                .fold(builder, |builder, (label, value)| builder.protected(label, value));
            let builder = unprotected(message.headers())
                .fold(builder, |builder, (label, value)| builder.unprotected(label, value));
            let keys = OwnedKey::of_case(case)?;
            let Some(k) = keys.iter().find_map(|key| key.jwk.k().ok()) else { return Ok(()) };
            let key = SymmetricKey { k, algorithm: None };
            builder.authenticate(algorithm, content, &SecretKey::symmetric(key, &RustCrypto))?
        }
        _ => return Ok(()),
    };
    let head: &[u8] = if token.cwt().is_tagged() { &[0xd8, 0x3d] } else { &[] };
    same(case, "token", &[head, &written].concat(), bytes);
    Ok(())
}

/// Writes a bundle again, if it came in deterministic form, and its main token by itself.
pub(crate) fn bundle(case: &Case, bytes: &[u8]) -> Result<(), Trouble> {
    if Bundle::decode(bytes, DETERMINISTIC).is_err() {
        return Ok(());
    }
    let mut reader = Reader::new(bytes, Strictness::LENIENT);
    reader.item()?; // the tag
    reader.array()?;
    let main = reader.bytes()?;
    token(case, main)?;
    let mut entries = Vec::new();
    for _ in 0..reader.map()?.ok_or("a length that is not stated")? {
        entries.push((reader.text()?, reader.bytes()?));
    }
    let mut buffer = vec![0; bytes.len()];
    same(case, "bundle", attester::bundle(&mut buffer, main, &entries)?, bytes);
    for (_, set) in entries {
        if let Some(written) = claims_set(set)? {
            same(case, "detached claims set", &written, set);
        }
    }
    Ok(())
}

fn protected<'a>(headers: &Headers<'a>) -> impl Iterator<Item = (Label<'a>, Value<'a>)> {
    let others = headers.protected().iter().filter(|(label, _)| *label != Label::ALG);
    others.map(|(label, value)| (label, Value::Encoded(value.bytes())))
}

fn unprotected<'a>(headers: &Headers<'a>) -> impl Iterator<Item = (Label<'a>, Value<'a>)> {
    headers.unprotected().iter().map(|(label, value)| (label, Value::Encoded(value.bytes())))
}

fn same(case: &Case, what: &str, written: &[u8], published: &[u8]) {
    assert_eq!(hex::encode(written), hex::encode(published), "{}: {what}", case.name);
    println!("{}: {what} of {} bytes written again", case.name, published.len());
}
