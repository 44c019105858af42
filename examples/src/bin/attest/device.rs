//! The device: a boot loader that measured, a trusted OS, a modem of another maker, and a sensor that reports apart.

use cose_ext::{
    Digest,
    crypto::{Algorithm, Ec2PublicKey, HashFunction, InvalidKey},
    cwt::ClaimKey,
    rustcrypto::{P256SigningKey, Sha256},
};
use rats_eat::{
    attester::{self, ClaimsWriter, VersionScheme},
    jws,
};

use crate::Trouble;

/// The maker whose key signs.
pub(crate) const MAKER: &str = "https://maker.example";
/// Under this number measured components stand in `measurements`: one of those for experiments.
pub(crate) const COMPONENT_FORMAT: u16 = 65_000;
/// Of no device: provisioned keys would never be in a program.
const DEVICE: [u8; 32] = [1; 32];
const MODEM: [u8; 32] = [2; 32];
const STRANGER: [u8; 32] = [3; 32];

pub(crate) fn public_key() -> Result<Ec2PublicKey<32>, InvalidKey> {
    Ok(P256SigningKey::from_bytes(&DEVICE)?.public_key())
}

pub(crate) fn modem_key() -> Result<Ec2PublicKey<32>, InvalidKey> {
    Ok(P256SigningKey::from_bytes(&MODEM)?.public_key())
}

/// What the boot loader measured.
pub(crate) fn boot_loader() -> [u8; 32] {
    let mut digest = [0; 32];
    let hash = Sha256.hash(&[b"the code of the boot loader"]);
    digest.copy_from_slice(hash.as_ref());
    digest
}

pub(crate) fn evidence<'o>(out: &'o mut [u8], nonce: &[u8]) -> Result<&'o [u8], Trouble> {
    signed_by(&DEVICE, b"device", out, nonce)
}

pub(crate) fn by_a_stranger(out: &mut [u8], nonce: &[u8]) -> Result<Vec<u8>, Trouble> {
    signed_by(&STRANGER, b"stranger", out, nonce).map(<[u8]>::to_vec)
}

fn signed_by<'o>(
    key: &[u8; 32],
    key_id: &[u8],
    out: &'o mut [u8],
    nonce: &[u8],
) -> Result<&'o [u8], Trouble> {
    let key = P256SigningKey::from_bytes(key)?;
    // Another attester within the device, with a key and a token of its own, in JSON.
    let modem = P256SigningKey::from_bytes(&MODEM)?;
    let modem = jws::sign(br#"{"swname":"baseband","uptime":7}"#, Some("modem"), &modem)?;
    let modem = format!(r#"["JWT","{modem}"]"#);
    let sensor = Sha256.hash(&[b"what the sensor reports elsewhere"]);
    let sensor = Digest::new(Algorithm::SHA256, sensor.as_ref())?;
    let mut buffer = [0; 128];
    let component = component(&mut buffer)?;
    let claims = |claims: &mut ClaimsWriter<'_, '_>| {
        claims
            .text(ClaimKey::ISS, MAKER)
            .int(ClaimKey::IAT, 1_800_000_000)
            .bytes(ClaimKey::EAT_NONCE, nonce)
            .bytes(ClaimKey::UEID, b"\x01device of maker!")
            .int(ClaimKey::OEMID, 64242)
            .bytes(ClaimKey::HWMODEL, b"board")
            .version(ClaimKey::HWVERSION, "1.2", Some(VersionScheme::Number(1.into())))
            .bool(ClaimKey::OEMBOOT, true)
            .uint(ClaimKey::DBGSTAT, 2)
            .submodules(&|parts| {
                parts.claims("TEE", &|tee| {
                    tee.text(ClaimKey::SWNAME, "trusted os");
                    tee.version(ClaimKey::SWVERSION, "3.1", None);
                });
                parts.json("modem", &modem).digest("sensor", &sensor);
            })
            .claim(ClaimKey::MEASUREMENTS, |measurements| {
                measurements.array(1).array(2).int(u64::from(COMPONENT_FORMAT)).bytes(component);
            });
    };
    Ok(attester::sign(out, Some(key_id), &key, &claims)?)
}

/// A measured component (RFC 10013): name and version, and a digest.
fn component(out: &mut [u8]) -> Result<&[u8], Trouble> {
    let mut writer = cose_ext::cbor::Writer::new(out);
    writer.map(2).int(1).array(2).text("boot loader").array(1).text("2.4");
    writer.int(2).array(2).int(Algorithm::SHA256.value()).bytes(&boot_loader());
    Ok(writer.finish()?)
}
