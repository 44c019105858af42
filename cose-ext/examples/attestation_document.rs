//! An attestation document in the form of AWS Nitro's: an untagged COSE_Sign1 by ES384, whose
//! certificates stand in its own payload.

use std::error::Error;

use cose_ext::cbor::{Map, Raw, Reader, Writer};
use cose_ext::cwt::Time;
use cose_ext::rustcrypto::{P384SigningKey, RustCrypto};
use cose_ext::x509::{CertificationPaths, TrustAnchor, WebPki};
use cose_ext::{Content, Context, Input, Profile, Sign1, sign1::Sign1Builder};

/// The root that the verifier has from its maker, and the certificate of the enclave: made with
/// OpenSSL for this example.
const ROOT: &[u8] = include_bytes!("data/attestation-root.der");
const LEAF: &[u8] = include_bytes!("data/attestation-leaf.der");
/// The enclave's private key, which nobody else has.
const PRIVATE: [u8; 48] = *b"\xc5\x65\x52\x3c\xf3\x14\x0b\x3c\x3b\x78\x7b\x68\x75\xb6\xa5\x25\
    \xc4\x56\xea\xa7\x3b\x79\xda\xe2\xc1\x59\x5b\x76\x6e\x6b\x19\xe0\xdd\xfe\xb3\x69\xbc\xf6\
    \xa0\x7e\x9a\xdf\x11\x1f\x64\x05\xf2\xd3";

/// Runs the example.
pub fn main() -> Result<(), Box<dyn Error>> {
    let enclave = P384SigningKey::from_bytes(&PRIVATE)?;
    let payload = document()?;
    let document = Sign1Builder::new().untagged().sign(Content::Embedded(&payload), &enclave)?;

    // The verifier reads the certificates, which nobody vouches for yet, from the payload.
    let profile = Profile::LENIENT;
    let message = Sign1::decode_untagged(&document, &profile)?;
    let payload = message.danger_unverified_payload_of(&Input::embedded())?;
    let unverified = profile.item(payload, 0)?;
    let certificate = field(&unverified, "certificate")?.read(Reader::bytes)?;
    // They have to lead to the root, at a time that the verifier says: usually now.
    let anchors = [TrustAnchor::new(ROOT)?];
    let validator = WebPki::new();
    let time = Some(Time::Seconds(1_900_000_000));
    let paths = CertificationPaths::new(&validator, &anchors, time);
    let paths = paths.with_certificates(certificate, &[]);
    let context = Context::new(&RustCrypto);
    let verified = message.verify(&Input::embedded(), &paths, &context)?;

    // And then what was signed, from what `verify` gave back.
    let document =
        verified.try_map_within(&profile, |signed, profile| signed.payload_item(profile))?;
    let module = field(document.value(), "module_id")?.read(Reader::text)?;
    println!("{module}, by the key {:?}", document.by().identity());
    Ok(())
}

fn field<'a>(document: &Raw<'a>, name: &str) -> Result<Raw<'a>, Box<dyn Error>> {
    Ok(Map::new(document)?.find_text(name).ok_or(format!("no {name}"))?)
}

fn document() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut buffer = [0; 1024];
    let mut writer = Writer::new(&mut buffer);
    writer.map(4).text("module_id").text("i-0123-enc4567").text("digest").text("SHA384");
    writer.text("pcrs").map(1).int(0).bytes(&[0x11; 48]);
    writer.text("certificate").bytes(LEAF);
    Ok(writer.finish()?.to_vec())
}
