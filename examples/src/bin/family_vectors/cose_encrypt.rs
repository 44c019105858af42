//! COSE_Encrypt in two layers, ECDH-ES with A128KW, whose keys are bound to every parameter of the KDF context.

use core::convert::Infallible;

use base64ct::{Base64UrlUnpadded, Encoding};
use cose_ext::crypto::{
    Algorithm, Curve, HashFunction, KeyMaterial, PrivateKey, PrivateKeyMaterial, PublicKey,
    SecretProvider, YCoordinate,
};
use cose_ext::encrypt::EncryptBuilder;
use cose_ext::recipient::{Agreed, PartyInfo, RecipientBuilder, Sealer};
use cose_ext::rustcrypto::{RustCrypto, Sha256};
use cose_ext::{Encrypt, Label, Profile, Supplied};
use rand_core::{TryCryptoRng, TryRng};
use serde_json::{Value, json};

use super::Trouble;
use super::area::Area;
use super::cose::{KID, PAYLOAD, add, changed_at};

/// What both sides know beside the message, in the words of the files.
const UNSENT: [(&str, &str); 8] = [
    ("apu_id", "maker"),
    ("apu_nonce", "nonce of u"),
    ("apu_other", "other of u"),
    ("apv_id", "device"),
    ("apv_nonce", "nonce of v"),
    ("apv_other", "other of v"),
    ("pub_other", "SUIT Payload Encryption"),
    ("priv_other", "a secret of both"),
];

pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    for (name, curve) in [("p256", Curve::P256), ("x25519", Curve::X25519)] {
        for (what, known) in
            [("plain", &[][..]), ("public", &[6]), ("all", &[0, 1, 2, 3, 4, 5, 6, 7])]
        {
            two_layers(
                area,
                &format!("family-encrypt-ecdh-es-a128kw-{name}-{what}"),
                curve,
                known,
            )?;
        }
    }
    Ok(())
}

/// One message that is bound to the known of `UNSENT`, and what does not open: changed ciphertexts, and another word.
fn two_layers(area: &mut Area, name: &str, curve: Curve, known: &[usize]) -> Result<(), Trouble> {
    let d = [0x11; 32];
    let material = match curve {
        Curve::P256 => PrivateKeyMaterial::Ec2 { curve, d: &d },
        _ => PrivateKeyMaterial::Okp { curve, d: &d },
    };
    let private = PrivateKey { material, public: None, algorithm: None };
    let mut made = Err(Trouble::from("the provider does not do this curve"));
    RustCrypto.with_key_agreement(&private, &mut |own| {
        own.with_public_key(&mut |public| {
            made = seal(public, known).map(|message| (message, jwk(public, &d)));
        });
    })?;
    let (message, key) = made?;
    let wrapped = Encrypt::decode(&message, &Profile::LENIENT)?;
    let recipient = wrapped.recipients().iter().next().ok_or("no recipient")?;
    let place = |part: Option<&[u8]>| {
        let part = part.unwrap_or_default();
        let at = message.windows(part.len().max(1)).position(|window| window == part);
        at.ok_or("a part is missing")
    };
    let changed_content = changed_at(&message, place(wrapped.ciphertext())?);
    let changed_key = changed_at(&message, place(recipient.ciphertext())?);
    let unsent: Vec<_> = known.iter().filter_map(|index| UNSENT.get(*index).copied()).collect();
    let mut cases = vec![
        ("", &message, unsent.clone(), "made by cose-ext"),
        (
            "-changed-content",
            &changed_content,
            unsent.clone(),
            "a bit of the ciphertext was changed",
        ),
        ("-changed-key", &changed_key, unsent.clone(), "a bit of the wrapped key was changed"),
    ];
    for (at, (word, _)) in unsent.iter().enumerate() {
        let mut other = unsent.clone();
        if let Some(entry) = other.get_mut(at) {
            entry.1 = "another";
        }
        cases.push((word, &message, other, "what one side knows is another word"));
    }
    for (what, message, unsent, why) in cases {
        let is_valid = what.is_empty();
        let what = if what.starts_with('-') || is_valid {
            what.to_owned()
        } else {
            format!("-other-{}", what.replace('_', "-"))
        };
        let name = format!("{name}{what}");
        let unsent: serde_json::Map<String, Value> =
            unsent.into_iter().map(|(word, text)| (word.to_owned(), Value::from(text))).collect();
        let view = Encrypt::decode(message, &Profile::LENIENT)?;
        let structure = view.enc_structure(&Supplied::NOTHING, &Profile::LENIENT).parts().concat();
        let json = json!({
            "title": name,
            "fail": !is_valid,
            "input": {
                "plaintext_hex": hex::encode(PAYLOAD),
                "enveloped": { "recipients": [{ "key": key, "unsent": unsent }] },
            },
            "output": { "cbor": hex::encode(message) },
        });
        let mut facts = json!({
            "alg": 1, "recipient_alg": [-29], "tag": 96, "message_bytes": message.len(),
            "to_be_authenticated_sha256": [hex::encode(Sha256.hash(&[&structure]))],
        });
        if is_valid {
            facts["plaintext_hex"] = Value::from(hex::encode(PAYLOAD));
        }
        add(area, &name, "cose-encrypt", &json, is_valid, why, facts);
    }
    Ok(())
}

fn seal(peer: &PublicKey<'_>, known: &[usize]) -> Result<Vec<u8>, Trouble> {
    let word = |index: usize| {
        let entry = UNSENT.get(index).filter(|_| known.contains(&index));
        entry.map(|(_, text)| text.as_bytes())
    };
    let party = |first: usize| PartyInfo {
        identity: word(first),
        nonce: word(first.saturating_add(1)),
        other: word(first.saturating_add(2)),
    };
    let agreed = Agreed { party_u: party(0), party_v: party(3), public: word(6), private: word(7) };
    let mut random = Drawn(0);
    let mut sealer = Sealer::new(&RustCrypto, &mut random).with_agreed(agreed);
    let recipient = RecipientBuilder::ecdh_es(Algorithm::ECDH_ES_A128KW, *peer);
    let recipient = [recipient.unprotected(Label::KID, KID)];
    let builder = EncryptBuilder::new().iv(&[3; 12]);
    Ok(builder.encrypt(Algorithm::A128GCM, PAYLOAD, &recipient, &mut sealer)?)
}

/// The receiver's key, with its private part, which everybody may know.
fn jwk(public: &PublicKey<'_>, d: &[u8]) -> Value {
    let encode = Base64UrlUnpadded::encode_string;
    match public.material {
        KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) } => json!({
            "kty": "EC", "crv": curve.to_string(), "x": encode(x), "y": encode(y), "d": encode(d),
        }),
        KeyMaterial::Okp { curve, x } => {
            json!({ "kty": "OKP", "crv": curve.to_string(), "x": encode(x), "d": encode(d) })
        }
        _ => Value::Null,
    }
}

/// Bytes that are the same in every run: digests of a counter.
struct Drawn(u64);

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for piece in out.chunks_mut(32) {
            self.0 = self.0.wrapping_add(1);
            let digest = Sha256.hash(&[b"family vectors", &self.0.to_be_bytes()]);
            for (byte, drawn) in piece.iter_mut().zip(digest.as_ref()) {
                *byte = *drawn;
            }
        }
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}
