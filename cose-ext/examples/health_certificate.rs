//! A health certificate in the form of the EU's: a CWT in COSE_Sign1, with the claims of the
//! certificate under -260. The kid is the first eight bytes of the SHA-256 of the signer's
//! certificate, and a list that was fetched before has the keys.

use std::error::Error;

use cose_ext::cbor::{Map, Reader, Writer};
use cose_ext::cwt::{ClaimKey, Cwt, Time};
use cose_ext::key::{TrustStore, TrustedKey};
use cose_ext::rustcrypto::{P256SigningKey, RustCrypto};
use cose_ext::sign::SignPolicy;
use cose_ext::{Content, Context, Profile, Supplied, Trust, sign1::Sign1Builder};

/// `hcert`.
const HEALTH_CERTIFICATE: ClaimKey<'static> = ClaimKey::int(-260);

/// Runs the example.
pub fn main() -> Result<(), Box<dyn Error>> {
    let signer = P256SigningKey::from_bytes(&[7; 32])?;
    let key_id = [0x53, 0xfe, 0x5f, 0xcb, 0x10, 0x7f, 0x42, 0x4e];
    let certificate =
        Sign1Builder::new().key_id(&key_id).sign(Content::Embedded(&claims()?), &signer)?;

    // The verifier: every key of the list, each for the country that it was listed by.
    let context = Context::new(&RustCrypto);
    let public = signer.public_key();
    let keys =
        [TrustedKey::new(public.as_public_key(), &context)?.with_key_id(&key_id).for_issuer("XX")];
    let store = TrustStore::new(&keys);
    let token = Cwt::decode(&certificate, &Profile::LENIENT)?;
    let trust = Trust::keys(&store);
    let verified = token.verify(&Supplied::NOTHING, &trust, &SignPolicy::All, &context)?;
    let claims = verified.value();
    claims.check_time(Time::Seconds(1_800_000_000), 0)?;
    let hcert = claims.find(HEALTH_CERTIFICATE).ok_or("no health certificate")?;
    let (_, statement) = Map::new(&hcert)?.iter().next().ok_or("an empty one")?;
    let born = Map::new(&statement)?.find_text("dob").ok_or("no date of birth")?;
    println!("issued by {}, born {}", claims.issuer()?.unwrap_or("?"), born.read(Reader::text)?);
    // Notes: what was accepted although a strict reading refuses it.
    for by in verified.by().iter() {
        println!("signed with {} {}", by.algorithm(), by.notes());
    }
    Ok(())
}

fn claims() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut buffer = [0; 256];
    let mut writer = Writer::new(&mut buffer);
    writer.map(4).int(1).text("XX").int(4).int(1_900_000_000).int(6).int(1_700_000_000);
    writer.int(-260).map(1).int(1).map(2).text("ver").text("1.3.0").text("dob").text("1964-08-12");
    Ok(writer.finish()?.to_vec())
}
