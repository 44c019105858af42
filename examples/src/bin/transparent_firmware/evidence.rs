//! The device attests: nonce, what was measured, the report about its manifest, and the roots that it relied on.

use cose_ext::{Context, cbor::Writer, crypto::Algorithm, cwt::ClaimKey, rustcrypto::RustCrypto};
use rats_eat::{attester, attester::ClaimsWriter};

use crate::{
    Trouble,
    board::Pump,
    cast::{NOW, Role, key, thumbprint},
};

pub(crate) const MAKER: &str = "https://maker.example/devices";
/// Content formats of this story, of those for experiments: RFC 10013 and the SUIT report have none assigned yet.
pub(crate) const COMPONENT_FORMAT: u16 = 65_000;
pub(crate) const REPORT_FORMAT: u16 = 65_001;
/// A claim of this story, by a number for private use: the roots by service.
pub(crate) const ROOTS: ClaimKey<'static> = ClaimKey::int(-70_002);

/// What measures, and therefore has to be measured where a SUIT_Report counts (SUIT report 5).
pub(crate) const ENVIRONMENT: [(&str, &[u8]); 3] = [
    ("boot loader", b"the code of the boot loader"),
    ("manifest processor", b"the code of the manifest processor"),
    ("report generator", b"the code that writes reports"),
];

/// Who attests: the device, its name, and the key of its TEEP Agent.
#[derive(Clone, Copy)]
pub(crate) struct Attester {
    pub(crate) key: Role,
    pub(crate) agent: Role,
    pub(crate) ueid: &'static [u8; 17],
}

pub(crate) const PUMP_17: Attester =
    Attester { key: Role::Pump17, agent: Role::Agent17, ueid: b"\x01pump number 17!!" };
pub(crate) const PUMP_18: Attester =
    Attester { key: Role::Pump18, agent: Role::Agent18, ueid: b"\x01pump number 18!!" };

/// How much a device measures of itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measured {
    /// Image and environment.
    All,
    /// The image alone.
    ImageOnly,
}

/// Evidence of a pump over a nonce.
pub(crate) fn of(
    attester: &Attester,
    pump: &Pump,
    nonce: &[u8],
    measured: Measured,
) -> Result<Vec<u8>, Trouble> {
    let mut components = vec![component("pump", &pump.image)?];
    if measured == Measured::All {
        for (name, code) in ENVIRONMENT {
            components.push(component(name, code)?);
        }
    }
    let agent = thumbprint(attester.agent)?;
    let claims = |claims: &mut ClaimsWriter<'_, '_>| {
        claims
            .text(ClaimKey::ISS, MAKER)
            .int(ClaimKey::IAT, NOW)
            .claim(ClaimKey::CNF, |cnf| _ = cnf.map(1).int(5).bytes(agent.as_bytes()))
            .bytes(ClaimKey::EAT_NONCE, nonce)
            .bytes(ClaimKey::UEID, attester.ueid)
            .claim(ClaimKey::MEASUREMENTS, |measurements| {
                measurements.array(components.len().saturating_add(1));
                for component in &components {
                    measurements.array(2).int(u64::from(COMPONENT_FORMAT)).bytes(component);
                }
                measurements.array(2).int(u64::from(REPORT_FORMAT)).bytes(&pump.report);
            })
            .claim(ROOTS, |roots| {
                roots.array(pump.relied_on.len());
                for (service, root) in &pump.relied_on {
                    roots.array(2).text(service).bytes(root);
                }
            });
    };
    let (mut out, key) = ([0; 2048], key(attester.key)?);
    Ok(attester::sign(&mut out, Some(attester.ueid), &key, &claims)?.to_vec())
}

/// A measured component (RFC 10013): a name and a digest.
pub(crate) fn component(name: &str, bytes: &[u8]) -> Result<Vec<u8>, Trouble> {
    let digest = Context::new(&RustCrypto).hash(Algorithm::SHA256, &[bytes])?;
    let mut out = [0; 128];
    let mut writer = Writer::new(&mut out);
    writer.map(2).int(1).array(1).text(name);
    writer.int(2).array(2).int(Algorithm::SHA256.value()).bytes(digest.as_ref());
    Ok(writer.finish()?.to_vec())
}
