//! A mobile document (ISO 18013-5): IssuerAuth is a COSE_Sign1 over `24(<< MSO >>)`, and the MSO has
//! the digests of the items that the holder discloses.

use std::error::Error;

use cose_ext::cbor::{Map, Raw, Reader, Writer};
use cose_ext::crypto::{Algorithm, HashFunction};
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::{P256SigningKey, RustCrypto, Sha256};
use cose_ext::{Content, Context, Digest, Input, Profile, Sign1, Verified, sign1::Sign1Builder};

const NAMESPACE: &str = "org.iso.18013.5.1";

/// Runs the example.
pub fn main() -> Result<(), Box<dyn Error>> {
    let issuer = P256SigningKey::from_bytes(&[7; 32])?;
    let item = issuer_signed_item()?;
    let payload = mobile_security_object(Sha256.hash(&[&item]).as_ref())?;
    let issuer_auth = Sign1Builder::new().untagged().sign(Content::Embedded(&payload), &issuer)?;

    // The reader. It would find the key by a path from `x5chain` to an authority of its list; here it
    // knows the key.
    let context = Context::new(&RustCrypto);
    let public = issuer.public_key();
    let trusted = TrustedKey::new(public.as_public_key(), &context)?;
    let message = Sign1::decode_untagged(&issuer_auth, &Profile::LENIENT)?;
    let signed = message.verify(&Input::embedded(), &trusted, &context)?;
    let mso = signed.try_map_within(&context.profile, |signed, profile| {
        let payload = signed.payload_item(profile)?;
        Ok::<_, cose_ext::Error>(payload.encoded_item(profile.strictness, &profile.limits.cbor)?)
    })?;
    // The signed digest vouches for the item, tag 24 included: what the holder sent beside it.
    let digest: Verified<Digest<'_>> = mso.try_map(first_digest)?;
    let vouched = digest.vouch_for_bytes(&item, &context)?;
    let item = context.profile.item(vouched.value(), 0)?;
    let item = item.encoded_item(context.profile.strictness, &context.profile.limits.cbor)?;
    let value = Map::new(&item)?.find_text("elementValue").ok_or("no value")?;
    println!("family name: {}", value.read(Reader::text)?);
    Ok(())
}

/// The digest of item 0 of the one name space.
fn first_digest(mso: Raw<'_>) -> Result<Digest<'_>, Box<dyn Error>> {
    let digests = Map::new(&mso)?.find_text("valueDigests").ok_or("no digest")?;
    let of_namespace = Map::new(&digests)?.find_text(NAMESPACE).ok_or("no digest")?;
    let (_, first) = Map::new(&of_namespace)?.iter().next().ok_or("no digest")?;
    Ok(Digest::new(Algorithm::SHA256, first.read(Reader::bytes)?)?)
}

/// IssuerSignedItemBytes.
fn issuer_signed_item() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut buffer = [0; 256];
    let mut writer = Writer::new(&mut buffer);
    writer.tag(24).embedded(|item| {
        item.map(4).text("digestID").int(0).text("random").bytes(&[0x5a; 16]);
        item.text("elementIdentifier").text("family_name");
        item.text("elementValue").text("Doe");
    });
    Ok(writer.finish()?.to_vec())
}

/// MobileSecurityObjectBytes, as far as this example needs it.
fn mobile_security_object(digest: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut buffer = [0; 512];
    let mut writer = Writer::new(&mut buffer);
    writer.tag(24).embedded(|mso| {
        mso.map(3).text("version").text("1.0").text("digestAlgorithm").text("SHA-256");
        mso.text("valueDigests").map(1).text(NAMESPACE).map(1).int(0).bytes(digest);
    });
    Ok(writer.finish()?.to_vec())
}
