//! Messages to start from: the published ones, where they are at hand, and our own.

use std::fs;
use std::path::{Path, PathBuf};

use cose_ext::Content;
use cose_ext::countersignature::CountersignatureBuilder;
use cose_ext::sign::{SignBuilder, SignatureBuilder};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{
    Countersignature, Countersignature0, Input, Label, MapBuilder, Profile, Sign1, Value,
};

use crate::messages::{edwards, h, issuer, signed};

/// Where the published vectors lie.
fn vectors() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let named = std::env::var_os("CONFORMANCE_VECTORS").filter(|path| !path.is_empty());
    workspace.join(named.map_or_else(|| PathBuf::from("../shared/vectors"), PathBuf::from))
}

/// Every file below `folder`, in an order that does not depend on the disk.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The published messages, keys and other CBOR of all areas; none where there are no vectors.
pub fn published() -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    files(&vectors(), &mut paths);
    let mut found = Vec::new();
    for path in paths {
        let extension = path.extension().and_then(|extension| extension.to_str());
        let Ok(bytes) = fs::read(&path) else { continue };
        match extension {
            Some("cbor" | "cose") => found.push(bytes),
            Some("json") => {
                let json: Option<serde_json::Value> = serde_json::from_slice(&bytes).ok();
                let message = json.as_ref().and_then(|json| {
                    [
                        "/output/cbor",
                        "/sign1::sign/expectedOutput/cborHex",
                        "/sign1::verify/taggedCOSESign1/cborHex",
                    ]
                    .iter()
                    .find_map(|pointer| json.pointer(pointer)?.as_str())
                });
                found.extend(message.and_then(|message| hex::decode(message).ok()));
            }
            _ => {}
        }
    }
    found
}

/// A message with two countersignatures, the second of which is countersigned itself, and an abbreviated one.
fn countersigned() -> Vec<u8> {
    let (profile, input) = (Profile::LENIENT, Input::embedded());
    let bare = Sign1Builder::new().sign(Content::Embedded(b"payload"), &edwards()).unwrap();
    let message = Sign1::decode(&bare, &profile).unwrap();
    let make = || CountersignatureBuilder::new().key_id(b"1");
    let inner = make().sign(&message, &input, &edwards()).unwrap();
    let inner = Countersignature::decode(&inner, &profile).unwrap();
    let outer = make().sign(&inner, &input, &issuer()).unwrap();
    let chain = inner.with_unprotected(&inner.headers().with_countersignature(&outer).unwrap());
    let first = make().sign(&message, &input, &issuer()).unwrap();
    let all = [Value::Encoded(&first), Value::Encoded(chain.as_ref().unwrap())];
    let short = Countersignature0::sign(&message, &input, &issuer()).unwrap();
    let unprotected = MapBuilder::new()
        .with(Label::COUNTERSIGNATURE_V2, &all[..])
        .with(Label::COUNTERSIGNATURE_0_V2, &short[..]);
    message.with_unprotected(&unprotected).unwrap()
}

/// A COSE_Sign with two signatures.
fn by_two() -> Vec<u8> {
    let mut signing = SignBuilder::new().prepare(Content::Embedded(b"payload")).unwrap();
    signing.sign(SignatureBuilder::new().key_id(b"1"), &issuer()).unwrap();
    signing.sign(SignatureBuilder::new().key_id(b"2"), &edwards()).unwrap();
    signing.finish().unwrap()
}

/// Messages that use what the library reads, each valid under one of the keys of [`crate::messages`].
pub fn made() -> Vec<Vec<u8>> {
    let claims = MapBuilder::new()
        .with(1, "https://maker.example")
        .with(2, "artifact")
        .with(6, Value::Encoded(&[0xc1, 0x1a, 0x65, 0x53, 0xf1, 0x00]));
    let crit = [Value::Int(15.into()), Value::Text("private")];
    let full = Sign1Builder::new()
        .key_id(b"1")
        .cwt_claims(&claims)
        .protected("private", Value::Bool(true))
        .protected(Label::X5CHAIN, Value::Array(&[Value::Bytes(b"leaf"), Value::Bytes(b"root")]))
        .protected(Label::X5T, Value::Array(&[Value::Int((-16).into()), Value::Bytes(&[7; 32])]))
        .protected(Label::VDS, 1)
        .unprotected(Label::RECEIPTS, Value::Array(&[Value::Bytes(b"receipt")]))
        .unprotected(
            Label::VDP,
            &MapBuilder::new().with(-1, Value::Array(&[Value::Bytes(b"proof")])),
        );
    let envelope =
        Sign1Builder::new().protected(258, -16).protected(259, "text/plain").protected(260, "here");
    vec![
        countersigned(),
        full.clone().sign(Content::Embedded(b"payload"), &issuer()).unwrap(),
        full.protected(Label::CRIT, &crit[..])
            .sign(Content::Embedded(b"payload"), &edwards())
            .unwrap(),
        envelope.sign(Content::Embedded(&[0x5a; 32]), &issuer()).unwrap(),
        Sign1Builder::new().untagged().sign(Content::Embedded(b""), &edwards()).unwrap(),
        Sign1Builder::new().sign(Content::Detached(b"payload"), &issuer()).unwrap(),
        signed("bf 1801 3806 1804 580131 ff", "bf 182b 7f616161 62 ff 182a 1800 ff", b"x"),
        by_two(),
        h(
            "d1 84 43a10105 a1 0441 31 4178 5820 0000000000000000000000000000000000000000000000000000000000000000",
        ),
        // Direct, derived, wrapped, agreed on, and in layers.
        h("d861 85 43a10105 a0 4178 4101 81 83 40 a2 0125 04 4131 40"),
        h("d861 85 43a10104 a0 4178 4101 81 83 43a10129 a4 33 4173 34 4175 35 01 38184176 40"),
        h(
            "d860 84 43a10101 a1054c 000102030405060708090a0b 58100000000000000000000000000000000000 \
           82 83 40 a10122 5818 000000000000000000000000000000000000000000000000 \
           83 44a101381c a1 20 a4 01 02 20 01 21 4101 22 f5 5818 000000000000000000000000000000000000000000000000",
        ),
        h(
            "d860 84 43a10101 a1064102 f6 81 84 40 a10122 40 81 83 44a101381a a2 21 a3 01 01 20 04 21 4101 22 4173 40",
        ),
        h("d0 83 43a10101 a1054c 000102030405060708090a0b 58100000000000000000000000000000000000"),
        h("d0 83 40 a2 0139fffd 0550 00000000000000000000000000000000 4100"),
        h("a5 01 02 02 4131 04 8102 20 01 21 4101"),
        h("82 a3 01 01 20 06 21 4101 a2 01 04 20 4101"),
        h("a4 01 6169 04 c11a6553f100 06 fb41d954fc40000000 07 4163"),
    ]
}
