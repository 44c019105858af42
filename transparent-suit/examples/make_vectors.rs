//! Writes the family's own vectors of transparent SUIT, from fixed keys: `make_vectors FOLDER`, or `FOLDER --check`.

#[path = "../tests/support/world.rs"]
mod world;

use std::{error::Error, fs, path::Path, process::ExitCode};

use serde_json::{Value, json};
use testkit::fixed_keys::{
    ED25519_COUNTING, ED25519_RFC8032_1, EcKey, Ed25519Key, P256_COSE_11, P256_RFC6979,
};
use transparent_suit::{
    cose_ext::{
        Context, Label, Profile, crypto::Algorithm, rustcrypto::RustCrypto, sign1::Sign1Builder,
    },
    profile,
    suit_manifest::Envelope,
};
use world::*;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("which folder?")?;
    let is_check = arguments.next().is_some();
    for (name, bytes) in files() {
        let path = Path::new(&folder).join(&name);
        if is_check {
            if fs::read(&path)? != bytes {
                return Err(format!("{name} is another").into());
            }
        } else {
            fs::create_dir_all(path.parent().ok_or("no folder")?)?;
            fs::write(path, bytes)?;
        }
    }
    Ok(())
}

/// What a case is, and the verdict that is due.
struct Case {
    name: &'static str,
    why: &'static str,
    envelope: Vec<u8>,
    required: usize,
    counted: usize,
    /// The step that refuses.
    step: Option<u8>,
    stored: u64,
    is_plain: bool,
}

impl Case {
    fn new(name: &'static str, why: &'static str, envelope: Vec<u8>) -> Self {
        Self { name, why, envelope, required: 2, counted: 2, step: None, stored: 7, is_plain: true }
    }

    fn requiring(self, required: usize) -> Self {
        Self { required, ..self }
    }

    fn after(self, stored: u64) -> Self {
        Self { stored, ..self }
    }

    fn counting(self, counted: usize) -> Self {
        Self { counted, ..self }
    }

    fn refused_in(self, step: u8) -> Self {
        Self { step: Some(step), ..self }
    }

    fn not_plain(self) -> Self {
        Self { is_plain: false, ..self }
    }
}

fn cases() -> Vec<Case> {
    let envelope = release(8);
    let block = block_of(&envelope);
    // A log of five entries each, of which the block is the third.
    let (mut a, mut b) = (TestLog::a(), TestLog::b());
    for log in [&mut a, &mut b] {
        for number in [3, 4] {
            log.receipt_for(&block_of(&release(number)));
        }
        log.receipt_for(&block);
        for number in [9, 10] {
            log.receipt_for(&block_of(&release(number)));
        }
    }
    let (ra, rb) = (a.receipt(a.service.entry(2).unwrap()), b.receipt(b.service.entry(2).unwrap()));
    let other = a.receipt(a.service.entry(3).unwrap());
    let with = |receipts: &[&[u8]]| block.with_receipts(receipts).unwrap();
    let sealed = |blocks: &[&[u8]]| with_blocks(envelope.clone(), blocks);
    let both = with(&[&ra, &rb]);
    let twin = any_block(&envelope, Sign1Builder::new(), &author());
    let partners = any_block(&envelope, Sign1Builder::new(), &partner());
    let strict =
        block_builder(&author(), ISS).strict().sign(&envelope, &author(), &context()).unwrap();
    let strict = strict.with_receipts(&[&TestLog::a().receipt_for(&strict)]).unwrap();
    let wrong = |headers: Sign1Builder| {
        let block = any_block(&envelope, headers, &author());
        let receipts =
            [TestLog::a(), TestLog::b()].map(|mut log| log.log_blindly(&block, &author()));
        let receipts: Vec<_> = receipts.iter().map(Vec::as_slice).collect();
        sealed(&[&block.with_receipts(&receipts).unwrap()])
    };
    let good = || headers(ISS, &class(), number(8));
    vec![
        Case::new("family-two-receipts", "receipts of two logs of five entries", sealed(&[&both])),
        Case::new(
            "family-one-of-two",
            "one receipt, and one is required",
            sealed(&[&with(&[&rb])]),
        )
        .requiring(1)
        .counting(1),
        Case::new(
            "family-none-required",
            "no receipts, and none are required",
            sealed(&[block.as_bytes()]),
        )
        .requiring(0)
        .counting(0),
        Case::new("family-strict", "crit names typ: plain processors refuse", sealed(&[&strict]))
            .requiring(1)
            .counting(1)
            .not_plain(),
        Case::new(
            "family-same-block-twice",
            "the block and itself without receipts are one",
            sealed(&[&both, block.as_bytes()]),
        ),
        Case::new(
            "family-other-authority-first",
            "a plain block of another firmware key stands before",
            sealed(&[partners.as_bytes(), &both]),
        ),
        Case::new(
            "family-stripped",
            "receipts are required, and there are none",
            sealed(&[block.as_bytes()]),
        )
        .counting(0)
        .refused_in(3),
        Case::new(
            "family-one-service-twice",
            "two receipts of one service",
            sealed(&[&with(&[&ra, &ra])]),
        )
        .counting(1)
        .refused_in(3),
        Case::new(
            "family-receipt-of-another",
            "one receipt is of another release",
            sealed(&[&with(&[&other, &rb])]),
        )
        .counting(1)
        .refused_in(3),
        Case::new(
            "family-plain-twin",
            "a plain block by the same key",
            sealed(&[&both, twin.as_bytes()]),
        )
        .refused_in(1),
        Case::new("family-no-typ-no-claims", "a plain block alone", sealed(&[twin.as_bytes()]))
            .counting(0)
            .refused_in(1),
        Case::new(
            "family-content-type",
            "the content type names the envelope",
            wrong(
                good().content_type(
                    transparent_suit::cose_ext::header::ContentType::ContentFormat(61),
                ),
            ),
        )
        .refused_in(1),
        Case::new(
            "family-crit-claims",
            "crit names the claims",
            wrong(
                good().protected(
                    Label::CRIT,
                    [transparent_suit::cose_ext::Value::from(15)].as_slice(),
                ),
            ),
        )
        .refused_in(1)
        .not_plain(),
        Case::new(
            "family-number-of-another",
            "suit-sequence is not the number of the manifest",
            wrong(headers(ISS, &class(), number(9))),
        )
        .refused_in(2),
        Case::new(
            "family-class-of-others",
            "sub is another class",
            wrong(headers(ISS, "urn:uuid:08080808-0808-0808-0808-080808080808", number(8))),
        )
        .refused_in(2),
        Case::new(
            "family-issuer-of-others",
            "iss is not the one of the key",
            wrong(headers("https://other.example", &class(), number(8))),
        )
        .refused_in(2),
        Case::new(
            "family-replayed",
            "the number is not greater than the stored one",
            sealed(&[&both]),
        )
        .after(8)
        .refused_in(4),
        Case::new("family-older", "the number is lower than the stored one", sealed(&[&both]))
            .after(9)
            .refused_in(4),
        Case::new("family-flipped-s", "r and n - s: another entry", sealed(&[&flipped(&both)]))
            .counting(0)
            .refused_in(3),
    ]
}

fn files() -> Vec<(String, Vec<u8>)> {
    let keys = [
        ("firmware", ec(&P256_RFC6979)),
        ("partner", ec(&P256_COSE_11)),
        ("log-a", ed(&ED25519_RFC8032_1)),
        ("log-b", ed(&ED25519_COUNTING)),
    ];
    let mut files: Vec<_> =
        keys.iter().map(|(name, key)| (format!("keys/{name}.jwk.json"), text(key))).collect();
    let mut index = Vec::new();
    for case in cases() {
        let verdict = update(&case.envelope, case.required, Some(case.stored));
        let step = verdict.as_ref().err().and_then(|error| error.step()).map(|step| step.number());
        assert_eq!(
            (step, verdict.is_ok()),
            (case.step, case.step.is_none()),
            "{}: {verdict:?}",
            case.name
        );
        index.push(entry(&case));
        files.push((format!("{}.suit", case.name), case.envelope));
    }
    let lines: Vec<_> = index.iter().map(Value::to_string).collect();
    files.push((
        "cases.json".into(),
        format!("{{\"cases\": [\n{}\n]}}\n", lines.join(",\n")).into_bytes(),
    ));
    files
}

fn entry(case: &Case) -> Value {
    let envelope = Envelope::decode(&case.envelope, &Profile::LENIENT).unwrap();
    let sha256 = |bytes: &[u8]| {
        hex::encode(Context::new(&RustCrypto).hash(Algorithm::SHA256, &[bytes]).unwrap().as_ref())
    };
    let service = |name: &str| {
        json!({
            "name": name, "key": format!("keys/{name}.jwk.json"), "iss": format!("https://{name}.example"),
            "alg": -8, "vds": 1, "entry_rule": "attached form",
        })
    };
    let manifest = envelope.danger_unverified_manifest(&Profile::LENIENT).unwrap();
    json!({
        "name": case.name, "file": format!("{}.suit", case.name), "kind": "transparent-suit-envelope",
        "spec": "docs/transparent-suit.md",
        "keys": ["keys/firmware.jwk.json", "keys/partner.jwk.json", "keys/log-a.jwk.json", "keys/log-b.jwk.json"],
        "expect": if case.step.is_none() { "valid" } else { "invalid" },
        "why": case.why,
        "facts": {
            "device": {
                "classes": [class()],
                "firmware_keys": ["keys/firmware.jwk.json", "keys/partner.jwk.json"],
                "issuer_of_key": { "firmware": ISS, "partner": OTHER_ISS },
                "services": [service("log-a"), service("log-b")],
                "k": case.required, "n": 2, "receipts_required": case.required > 0,
                "stored_sequence": case.stored, "typ": profile::TYP.to_string(),
            },
            "verdict": {
                "k": case.required, "n": 2, "counted": case.counted,
                "update": if case.step.is_none() { "accept" } else { "refuse" }, "step": case.step,
            },
            "plain_processor": if case.is_plain { "accepts" } else { "refuses" },
            "sha256": sha256(&case.envelope), "length": case.envelope.len(),
            "manifest": {
                "class_id": "07070707-0707-0707-0707-070707070707",
                "digest": sha256(envelope.manifest_item().bytes()),
                "suit_digest_hex": hex::encode(envelope.authentication().signed_bytes()),
                "digest_matches": true, "sequence_number": manifest.sequence_number(),
            },
        },
    })
}

fn url64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let number = chunk
                .iter()
                .chain([0, 0].iter())
                .take(3)
                .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
            (0..=chunk.len()).map(move |place| char::from(LETTERS[number >> (18 - 6 * place) & 63]))
        })
        .collect()
}

fn ec(key: &EcKey<32>) -> Value {
    json!({ "kty": "EC", "crv": "P-256", "x": url64(&key.x), "y": url64(&key.y) })
}

fn ed(key: &Ed25519Key) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": url64(&key.public) })
}

fn text(key: &Value) -> Vec<u8> {
    (serde_json::to_string_pretty(key).unwrap() + "\n").into_bytes()
}
