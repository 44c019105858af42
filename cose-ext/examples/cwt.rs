//! A CBOR Web Token (RFC 8392): issued by one, read by whom it is for.

use std::error::Error;

use cose_ext::cwt::{ClaimsBuilder, Cwt, Time};
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
use cose_ext::sign::SignPolicy;
use cose_ext::{Content, Context, Profile, Supplied, Trust, sign1::Sign1Builder};

const ISSUER: &str = "https://issuer.example";
const SERVICE: &str = "https://service.example";

/// Runs the example.
pub fn main() -> Result<(), Box<dyn Error>> {
    // The issuer. A private key of one byte over and over is for examples only.
    let signer = P256SigningKey::from_bytes(&[7; 32])?;
    let claims = ClaimsBuilder::new()
        .issuer(ISSUER)
        .subject("device 7")
        .audience(SERVICE)
        .expires_at(2_000_000_000)
        .to_bytes();
    let message = Sign1Builder::new().key_id(b"2026").sign(Content::Embedded(&claims), &signer)?;
    let token = [&[0xd8, 0x3d][..], &message].concat(); // the CWT tag, 61

    // The service. It trusts this key for this issuer, and for no other.
    let context = Context::new(&RustCrypto);
    let public = signer.public_key();
    let key =
        TrustedKey::new(public.as_public_key(), &context)?.with_key_id(b"2026").for_issuer(ISSUER);
    let token = Cwt::decode(&token, &Profile::LENIENT)?;
    println!("{token}");
    let trust = Trust::keys(&key);
    let verified = token.verify(&Supplied::NOTHING, &trust, &SignPolicy::All, &context)?;
    let claims = verified.value();
    claims.check_time(Time::Seconds(1_800_000_000), 60)?;
    claims.check_audience(SERVICE)?;
    println!("{} speaks of {}", ISSUER, claims.subject()?.unwrap_or("nobody"));
    Ok(())
}
