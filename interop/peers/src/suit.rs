//! SUIT envelopes by suit_validator, with its own verifiers.

use minicbor::Encoder;
use serde_json::Value;
use suit_validator::crypto::CoseCrypto;
use suit_validator::handler::GenericStartHandler;

use crate::Verdict;
use crate::vectors::{Case, number};

/// Reads and verifies one envelope; severed members and integrated payloads are the handler's, which is not asked for them.
pub(crate) fn envelope(case: &Case) -> Option<Verdict> {
    let keys = key_set(&case.keys)?;
    let mut crypto = CoseCrypto::new(&keys);
    let mut handler = GenericStartHandler { on_envelope: |_| {}, on_manifest: |_| {} };
    let decoded = suit_validator::suit_decode(&case.bytes, &mut handler, &mut crypto);
    Some(decoded.map_err(|error| format!("{error:?}")))
}

/// The keys as a COSE_KeySet, each with the algorithm that such a key is used with.
fn key_set(keys: &[Value]) -> Option<Vec<u8>> {
    let mut set = Encoder::new(Vec::new());
    set.array(u64::try_from(keys.len()).ok()?).ok()?;
    for jwk in keys {
        let curve = jwk.get("crv").and_then(Value::as_str);
        match (jwk.get("kty")?.as_str()?, curve) {
            ("EC", Some(name)) => {
                let (curve, algorithm) = match name {
                    "P-256" => (1, -7),
                    "P-384" => (2, -35),
                    _ => (3, -36),
                };
                set.map(5).ok()?.i8(1).ok()?.i8(2).ok()?.i8(3).ok()?.i8(algorithm).ok()?;
                set.i8(-1).ok()?.i8(curve).ok()?;
                set.i8(-2).ok()?.bytes(&number(jwk, "x")?).ok()?;
                set.i8(-3).ok()?.bytes(&number(jwk, "y")?).ok()?;
            }
            ("OKP", _) => {
                set.map(4).ok()?.i8(1).ok()?.i8(1).ok()?.i8(3).ok()?.i8(-8).ok()?;
                set.i8(-1).ok()?.i8(6).ok()?.i8(-2).ok()?.bytes(&number(jwk, "x")?).ok()?;
            }
            ("oct", _) => {
                set.map(3).ok()?.i8(1).ok()?.i8(4).ok()?.i8(3).ok()?.i8(5).ok()?;
                set.i8(-1).ok()?.bytes(&number(jwk, "k")?).ok()?;
            }
            _ => return None,
        }
    }
    Some(set.into_writer())
}
