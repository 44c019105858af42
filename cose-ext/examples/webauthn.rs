//! WebAuthn: the key of a new credential, read from authenticator data, and an assertion by it.
//! There is no COSE message here: the key is a COSE_Key, and the signature covers plain bytes, in DER.

use std::error::Error;

use cose_ext::crypto::{Algorithm, Curve, HashFunction, Signer};
use cose_ext::key::{CoseKey, CoseKeyEncoder, TrustedKey};
use cose_ext::rustcrypto::{P256SigningKey, RustCrypto, Sha256};
use cose_ext::{Bare, Context, Profile, ecdsa};

/// rpIdHash, flags and counter.
const FIXED_LEN: usize = 37;
/// The AAGUID of the authenticator.
const AAGUID_LEN: usize = 16;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn Error>> {
    let context = Context::new(&RustCrypto);
    let authenticator = P256SigningKey::from_bytes(&[7; 32])?;

    // Registration: the key stands behind the credential id, and extensions stand behind the key.
    let data = registration(&authenticator)?;
    let attested = data.get(FIXED_LEN + AAGUID_LEN..).ok_or("no credential")?;
    let (len, rest) = attested.split_first_chunk().ok_or("no length")?;
    let len = usize::from(u16::from_be_bytes(*len));
    let (credential_id, rest) = rest.split_at_checked(len).ok_or("no credential id")?;
    let (key, extensions) = CoseKey::decode_prefix(rest, &Profile::LENIENT)?;
    let public = key.public_key()?;
    println!("credential {credential_id:02x?}: {public:?}, {} bytes follow", extensions.len());

    // Later: an assertion. It is ECDSA in DER, over the authenticator data and a hash.
    let client_data =
        br#"{"type":"webauthn.get","challenge":"AAEC","origin":"https://rp.example"}"#;
    let data = authenticator_data(1, 0x01);
    let assertion = assert(&authenticator, &data, client_data)?;

    // The relying party. The key's own `alg` counts; the policy of the context asks for it.
    let enrolled = TrustedKey::new(public, &context)?;
    let algorithm = key.algorithm()?.unwrap_or(Algorithm::ES256);
    let mut raw = [0; ecdsa::MAX_LEN];
    let signature = ecdsa::from_der(&assertion, Curve::P256, &mut raw)?;
    let hash = Sha256.hash(&[client_data]);
    let parts = [&data[..], hash.as_ref()];
    let verified = Bare::new(algorithm, signature).verify_signature(&parts, &enrolled, &context)?;
    println!("the holder of {:?} is there", verified.by().identity());
    Ok(())
}

/// What an authenticator makes of a new credential.
fn registration(key: &P256SigningKey) -> Result<Vec<u8>, Box<dyn Error>> {
    let public = key.public_key();
    let mut public = public.as_public_key();
    public.algorithm = Some(Algorithm::ES256);
    let mut data = authenticator_data(0, 0xc1); // present, attested data, extensions
    data.extend([0xaa; AAGUID_LEN]);
    data.extend([0, 4]);
    data.extend(b"id 7");
    data.extend(CoseKeyEncoder::new(public)?.to_vec());
    data.extend(b"\xa1\x6bcredProtect\x02");
    Ok(data)
}

fn authenticator_data(counter: u32, flags: u8) -> Vec<u8> {
    let relying_party = Sha256.hash(&[b"rp.example"]);
    [relying_party.as_ref(), &[flags], &counter.to_be_bytes()].concat()
}

fn assert(
    key: &P256SigningKey,
    data: &[u8],
    client_data: &[u8],
) -> Result<Vec<u8>, Box<dyn Error>> {
    let hash = Sha256.hash(&[client_data]);
    let mut raw = [0; 64];
    key.sign(&[data, hash.as_ref()], &mut raw)?;
    let mut der = [0; ecdsa::MAX_DER_LEN];
    Ok(ecdsa::to_der(&raw, &mut der)?.to_vec())
}
