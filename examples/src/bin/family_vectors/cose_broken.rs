//! COSE_Sign1 that do not hold, each for one reason; where the reason is in the headers, the signature is right.

use cose_ext::{Content, SigStructure, sign1::Sign1Builder};
use serde_json::json;

use super::Trouble;
use super::area::Area;
use super::cose::{KID, PAYLOAD, add, changed_at, sign1_json, signature};
use super::keys::{Key, signing_keys, strangers};

/// Protected maps that break a rule, by what they break; `%` stands for the encoded algorithm.
const PROTECTED: [(&str, &str, &str); 7] = [
    (
        "crit-unknown",
        "a3 01 % 02 81 1901f4 1901f4 00",
        "crit names label 500, which nobody processes",
    ),
    (
        "crit-absent",
        "a2 01 % 02 81 1901f4",
        "crit names a label that is not in the protected bucket",
    ),
    ("crit-empty", "a2 01 % 02 80", "crit is an empty array"),
    ("duplicate-label", "a2 01 % 01 %", "the label alg stands twice"),
    ("duplicate-spelling", "a2 01 % 1801 %", "the label 1 stands twice, once as 1801"),
    ("no-alg", "a0", "no algorithm is named"),
    ("alg-of-another-key", "a1 01 3918 18", "the algorithm is none that is known"),
];

/// Unprotected maps that break a rule.
const UNPROTECTED: [(&str, &str, &str); 3] = [
    ("in-both-buckets", "a1 01 %", "alg stands in both buckets"),
    ("crit-unprotected", "a1 02 81 04", "crit stands in the unprotected bucket"),
    ("duplicate-unprotected", "a2 04 41 01 04 41 01", "kid stands twice in the unprotected bucket"),
];

pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    for (key, stranger) in signing_keys()?.iter().zip(strangers()?) {
        let good =
            Sign1Builder::new().key_id(KID).sign(Content::Embedded(PAYLOAD), &*key.signer)?;
        let place = good.windows(PAYLOAD.len()).position(|window| window == PAYLOAD);
        let place = place.ok_or("no payload")?;
        let last = good.len().saturating_sub(1);
        let other = Sign1Builder::new().key_id(KID).sign(Content::Embedded(PAYLOAD), &*stranger)?;
        let by_aad = Sign1Builder::new()
            .key_id(KID)
            .external_aad(b"another")
            .sign(Content::Embedded(PAYLOAD), &*key.signer)?;
        broken(
            area,
            key,
            "changed-payload",
            &changed_at(&good, place),
            "a bit of the payload was changed",
        );
        broken(
            area,
            key,
            "changed-signature",
            &changed_at(&good, last),
            "a bit of the signature was changed",
        );
        broken(area, key, "other-external", &by_aad, "signed with other external data");
        broken(area, key, "stranger", &other, "signed by another key of the kind");
        broken(area, key, "cut", good.get(..last).unwrap_or_default(), "the last byte is missing");
        broken(area, key, "trailing", &[&good[..], &[0]].concat(), "a byte follows the message");
        let untagged = good.get(1..).unwrap_or_default();
        broken(
            area,
            key,
            "mac0-tag",
            &[&[0xd1], untagged].concat(),
            "the tag is that of a COSE_Mac0",
        );
    }
    let keys = signing_keys()?;
    for key in keys.iter().filter(|key| matches!(key.name, "es256" | "eddsa")) {
        for (what, protected, why) in PROTECTED {
            let protected = encoded(protected, key)?;
            broken(area, key, what, &message(key, &protected, &[0xa0])?, why);
        }
        for (what, unprotected, why) in UNPROTECTED {
            let protected = encoded("a1 01 %", key)?;
            broken(area, key, what, &message(key, &protected, &encoded(unprotected, key)?)?, why);
        }
    }
    Ok(())
}

fn encoded(pattern: &str, key: &Key) -> Result<Vec<u8>, Trouble> {
    let algorithm = hex::encode(cose_ext::Value::from(key.algorithm).to_bytes());
    Ok(hex::decode(pattern.replace('%', &algorithm).replace(' ', ""))?)
}

/// A message of these buckets whose signature is right.
fn message(key: &Key, protected: &[u8], unprotected: &[u8]) -> Result<Vec<u8>, Trouble> {
    // The empty map is signed as a string without bytes (RFC 9052 4.4).
    let signed = if protected == [0xa0] { &[] } else { protected };
    let structure = SigStructure::signature1(signed, &[], PAYLOAD);
    let signature = signature(&*key.signer, &structure.parts())?;
    let string = |bytes: &[u8]| cose_ext::Value::Bytes(bytes).to_bytes();
    let parts =
        [&[0xd2, 0x84][..], &string(protected), unprotected, &string(PAYLOAD), &string(&signature)];
    Ok(parts.concat())
}

fn broken(area: &mut Area, key: &Key, what: &str, message: &[u8], why: &str) {
    let name = format!("family-sign1-{}-{what}", key.name);
    let json = sign1_json(&name, key, message, (PAYLOAD, b""), b"", true);
    let facts = json!({ "message_bytes": message.len() });
    add(area, &name, "cose-sign1", &json, false, why, facts);
}
