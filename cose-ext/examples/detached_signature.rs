//! A signature over bytes that are not in it, as C2PA has over a claim: the payload is nil, and the
//! verifier brings the claim.

use std::error::Error;

use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::{Ed25519SigningKey, RustCrypto};
use cose_ext::{Content, Context, Input, Profile, Sign1, sign1::Sign1Builder};

/// Runs the example.
pub fn main() -> Result<(), Box<dyn Error>> {
    let claim = b"a claim about an image, as its own file holds it";
    let signer = Ed25519SigningKey::from_bytes(&[7; 32])?;
    let signature = Sign1Builder::new().key_id(b"7").sign(Content::Detached(claim), &signer)?;
    println!("{} bytes beside a claim of {}", signature.len(), claim.len());

    let context = Context::new(&RustCrypto);
    let public = signer.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context)?.with_key_id(b"7");
    let message = Sign1::decode_tagged(&signature, &Profile::LENIENT)?;
    // The caller says where the payload is: nil never means empty.
    if message.verify(&Input::embedded(), &trusted, &context).is_ok() {
        return Err("a message without payload was verified as one with it".into());
    }
    let verified = message.verify(&Input::detached(claim), &trusted, &context)?;
    println!("{}", String::from_utf8_lossy(verified.value().payload()));
    let other = Input::detached(b"another claim");
    println!(
        "another claim: {}",
        match message.verify(&other, &trusted, &context) {
            Ok(_) => return Err("another claim was accepted".into()),
            Err(error) => error,
        }
    );
    Ok(())
}
