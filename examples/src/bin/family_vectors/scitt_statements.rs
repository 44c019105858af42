//! Statements with receipts, and transparent statements.

use cose_ext::crypto::{Algorithm, HashFunction, Signer};
use cose_ext::cwt::ClaimKey;
use cose_ext::header::ContentType;
use cose_ext::key::TrustedKey;
use cose_ext::rustcrypto::{Ed25519SigningKey, P256SigningKey, RustCrypto, Sha256};
use cose_ext::sign1::Sign1Builder;
use cose_ext::{Content, Context, Input, Label, MapBuilder, Profile, Value};
use merkle_proof::Sha256Tree;
use merkle_proof::ccf::CcfSha256Tree;
use scitt_core::{
    EntryRule, LogHash, MemoryLog, ReceiptKey, Registration, Requirements, SignedStatement,
    StatementBuilder, TransparencyService,
};
use serde_json::{Value as Json, json};

use super::Trouble;
use super::area::{Area, Case};
use super::cose::changed_at;
use super::keys::jwk;

const ISSUER: &str = "https://maker.example";
const SERVICE: &str = "https://log.example";
const ISSUER_FILE: &str = "family-issuer.jwk.json";
const LOG_FILE: &str = "service-family-log.jwk.json";
const LEDGER_FILE: &str = "service-family-ledger.jwk.json";
const NOW: i64 = 1_790_000_000;
const PAYLOAD: &[u8] = b"it pumps";

/// Who signs.
struct Parties {
    issuer: P256SigningKey,
    log: Ed25519SigningKey,
    ledger: P256SigningKey,
}

pub(crate) fn make(area: &mut Area) -> Result<(), Trouble> {
    let parties = Parties {
        issuer: P256SigningKey::from_bytes(&[3; 32])?,
        log: Ed25519SigningKey::from_bytes(&[4; 32])?,
        ledger: P256SigningKey::from_bytes(&[5; 32])?,
    };
    area.json(ISSUER_FILE, &jwk(&parties.issuer.public_key().as_public_key()));
    let log = jwk(&parties.log.public_key().as_public_key());
    area.json(LOG_FILE, &with_kid(log, "family-log"));
    let ledger = jwk(&parties.ledger.public_key().as_public_key());
    area.json(LEDGER_FILE, &with_kid(ledger, "family-ledger"));
    with_receipts(area, &parties)?;
    transparent(area, &parties)?;
    alone(area, &parties)
}

fn with_kid(mut key: Json, kid: &str) -> Json {
    if let Some(members) = key.as_object_mut() {
        members.insert("kid".into(), kid.into());
    }
    key
}

impl Parties {
    fn statement(&self, payload: &[u8]) -> Result<Vec<u8>, Trouble> {
        Ok(builder().sign(payload, &self.issuer)?)
    }

    /// Logs the statement as number `index` of `size` and returns its receipt, and the root.
    fn logged<T: LogHash>(
        &self,
        mut service: TransparencyService<MemoryLog<T>>,
        statement: &[u8],
        [index, size]: [u64; 2],
        signer: &dyn Signer,
    ) -> Result<(Vec<u8>, [u8; 32]), Trouble> {
        let context = Context::new(&RustCrypto);
        let public = self.issuer.public_key();
        let key = TrustedKey::new(&public, &context)?.for_issuer(ISSUER);
        let policy = Registration { issuers: &key, requirements: Requirements::Lenient };
        let mut ours = None;
        for number in 0..size {
            let other = self.statement(&number.to_be_bytes())?;
            let bytes = if number == index { statement } else { &other };
            let input = Input::embedded();
            let entry = service.register(bytes, &input, NOW, &policy, &context)?;
            ours = if number == index { Some(entry) } else { ours };
        }
        let pending = service.prepare_receipt(ours.ok_or("no entry")?, NOW, &context)?;
        let root = *pending.root();
        Ok((pending.sign(signer)?, root))
    }

    fn in_log(&self, statement: &[u8], place: [u64; 2]) -> Result<(Vec<u8>, [u8; 32]), Trouble> {
        let key = ReceiptKey::new(b"family-log", Algorithm::EDDSA);
        let service = TransparencyService::in_memory(Sha256Tree, SERVICE, key);
        self.logged(service, statement, place, &self.log)
    }

    fn in_ledger(&self, statement: &[u8], place: [u64; 2]) -> Result<Vec<u8>, Trouble> {
        let key = ReceiptKey::new(b"family-ledger", Algorithm::ES256);
        let service = TransparencyService::in_memory(CcfSha256Tree, SERVICE, key);
        Ok(self.logged(service, statement, place, &self.ledger)?.0)
    }
}

fn builder() -> StatementBuilder {
    StatementBuilder::new(ISSUER, "pump firmware").key_id(b"maker").issued_at(NOW)
}

fn entry(statement: &[u8]) -> Result<String, Trouble> {
    let statement = SignedStatement::decode(statement, &Profile::LENIENT)?;
    let message = statement.message();
    let payload = message.danger_unverified_payload().ok_or("no payload")?;
    Ok(hex::encode(EntryRule::DEFAULT.entry(message, payload).hash(&Sha256).as_ref()))
}

/// Statements of kind `signed-statement+receipt`: the receipt is the file, the statement is a fact.
fn with_receipts(area: &mut Area, parties: &Parties) -> Result<(), Trouble> {
    let statement = parties.statement(PAYLOAD)?;
    let (receipt, root) = parties.in_log(&statement, [3, 7])?;
    let (of_one, root_of_one) = parties.in_log(&statement, [0, 1])?;
    let (of_other, _) = parties.in_log(&parties.statement(b"it leaks")?, [3, 7])?;
    let find = |bytes: &[u8], what: &[u8]| {
        bytes.windows(what.len()).rposition(|it| it == what).ok_or("not there")
    };
    let in_payload = find(&statement, PAYLOAD)?;
    let in_path = find(&receipt, &[0x58, 0x20])?.saturating_add(2);
    let last = |bytes: &[u8]| changed_at(bytes, bytes.len().saturating_sub(1));
    let good = |root: [u8; 32]| {
        json!({
            "alg": -8, "vds": 1, "payload_detached": true, "statement_signature": true,
            "receipt_valid": true, "recomputed_roots": [hex::encode(root)],
            "signature_over_root": [true], "cwt_iss": SERVICE,
        })
    };
    let bad = |signed: bool| json!({ "statement_signature": signed, "receipt_valid": false });
    let cases = [
        ("3-of-7", "an ES256 statement in an EdDSA log", &statement, &receipt, good(root)),
        (
            "only-one",
            "a log of one entry, whose path is empty",
            &statement,
            &of_one,
            good(root_of_one),
        ),
        (
            "other-payload",
            "a bit of the payload was changed",
            &changed_at(&statement, in_payload),
            &receipt,
            bad(false),
        ),
        (
            "statement-signature",
            "a bit of the statement's signature was changed",
            &last(&statement),
            &receipt,
            bad(false),
        ),
        (
            "receipt-of-another",
            "the receipt is of another statement",
            &statement,
            &of_other,
            bad(true),
        ),
        (
            "receipt-signature",
            "a bit of the receipt's signature was changed",
            &statement,
            &last(&receipt),
            bad(true),
        ),
        (
            "other-path",
            "a bit of the path was changed",
            &statement,
            &changed_at(&receipt, in_path),
            bad(true),
        ),
    ];
    for (name, why, statement, receipt, mut facts) in cases {
        let (name, apart) =
            (format!("family-statement-{name}"), format!("family-statement-{name}-statement.cbor"));
        let is_valid = facts["receipt_valid"] == true;
        facts["statement"] = apart.clone().into();
        facts["entry_hex"] = entry(statement)?.into();
        facts["rfc9943_gaps"] = json!([]);
        let file = format!("{name}.cbor");
        area.file(&file, &receipt[..]);
        area.file(&apart, &statement[..]);
        let (kind, spec) = ("signed-statement+receipt", "RFC 9943 6, RFC 9942 5.2");
        let keys = &[ISSUER_FILE, LOG_FILE][..];
        area.case(&Case { name: &name, kind, spec, file: &file, keys, is_valid, why, facts });
    }
    Ok(())
}

fn transparent(area: &mut Area, parties: &Parties) -> Result<(), Trouble> {
    let statement = parties.statement(PAYLOAD)?;
    let about_file = about_file(parties)?;
    let (receipt, _) = parties.in_log(&statement, [3, 7])?;
    let (of_other, _) = parties.in_log(&parties.statement(b"it leaks")?, [3, 7])?;
    let broken = changed_at(&receipt, receipt.len().saturating_sub(1));
    let in_both =
        [parties.in_log(&about_file, [5, 21])?.0, parties.in_ledger(&about_file, [2, 6])?];
    let no_subject = {
        let claims = MapBuilder::new().with(ClaimKey::ISS, ISSUER);
        let message = Sign1Builder::new().key_id(b"maker").cwt_claims(&claims);
        message.sign(Content::Embedded(PAYLOAD), &parties.issuer)?
    };
    let of_no_subject = parties.in_log(&no_subject, [1, 4])?.0;
    let none: &[u8] = b"no receipt";
    let mut add = |name: &str, is_valid, why, statement: &[u8], receipts: &[&[u8]], facts| {
        let statement = SignedStatement::decode(statement, &Profile::LENIENT)?;
        let (name, file) = (format!("family-{name}"), format!("family-{name}.cbor"));
        area.file(&file, statement.with_receipts(receipts)?);
        let (kind, spec) = ("transparent-statement", "RFC 9943 7");
        let keys = &[ISSUER_FILE, LOG_FILE, LEDGER_FILE][..];
        let keys = if name.ends_with("two-services") { keys } else { &keys[..2] };
        area.case(&Case { name: &name, kind, spec, file: &file, keys, is_valid, why, facts });
        Ok::<(), Trouble>(())
    };
    add(
        "two-services",
        true,
        "a receipt of an RFC 9162 log, and one of the shape of a CCF ledger",
        &about_file,
        &[&in_both[0], &in_both[1]],
        json!({ "tag": 18, "alg": -7, "rfc9943_gaps": [] }),
    )?;
    add(
        "appended-receipts",
        true,
        "receipts of others, and what is none, stand before the good one",
        &statement,
        &[none, &of_other, &broken, &receipt],
        json!({ "tag": 18 }),
    )?;
    add(
        "no-good-receipt",
        false,
        "a receipt of another statement, and one whose signature was changed",
        &statement,
        &[&of_other, &broken],
        json!({ "tag": 18 }),
    )?;
    add(
        "no-subject",
        true,
        "signed and logged; a strict reading misses the subject",
        &no_subject,
        &[&of_no_subject],
        json!({ "rfc9943_gaps": ["statement has no sub"] }),
    )
}

fn about_file(parties: &Parties) -> Result<Vec<u8>, Trouble> {
    Ok(builder()
        .content_type(ContentType::MediaType("application/spdx+json"))
        .location("https://maker.example/pump.spdx.json")
        .sign_digest_of(b"the bytes of the firmware", &Sha256, &parties.issuer)?)
}

/// Statements without receipts.
fn alone(area: &mut Area, parties: &Parties) -> Result<(), Trouble> {
    let claims = || MapBuilder::new().with(ClaimKey::ISS, ISSUER).with(ClaimKey::SUB, "pump");
    let message = || Sign1Builder::new().key_id(b"maker").cwt_claims(&claims());
    let digest = Sha256.hash(&[PAYLOAD]);
    let half = digest.as_ref().get(..31).unwrap_or_default();
    let half_digest = message()
        .protected(Label::PAYLOAD_HASH_ALG, Algorithm::SHA256)
        .sign(Content::Embedded(half), &parties.issuer)?;
    let crit = [Value::Text("nobody-knows")];
    let critical = message()
        .protected("nobody-knows", 1)
        .protected(Label::CRIT, &crit[..])
        .sign(Content::Embedded(PAYLOAD), &parties.issuer)?;
    let of_file = json!({
        "tag": 18, "payload_hash_alg": -16, "payload_len": 32,
        "preimage_content_type": "application/spdx+json",
        "payload_location": "https://maker.example/pump.spdx.json", "rfc9943_gaps": [],
    });
    let cases = [
        ("hash-envelope", true, "a statement about a file", about_file(parties)?, of_file),
        (
            "half-digest",
            false,
            "the payload of the hash envelope is shorter than its hash",
            half_digest,
            json!({ "tag": 18, "payload_len": 31 }),
        ),
        (
            "critical",
            false,
            "a critical parameter that nobody knows",
            critical,
            json!({ "crit": ["nobody-knows"], "statement_signature": true }),
        ),
    ];
    for (name, is_valid, why, statement, facts) in cases {
        let (name, file) = (format!("family-{name}"), format!("family-{name}.cbor"));
        area.file(&file, statement);
        let (kind, spec) = ("signed-statement", "RFC 9943 6, RFC 9995");
        let keys = &[ISSUER_FILE][..];
        area.case(&Case { name: &name, kind, spec, file: &file, keys, is_valid, why, facts });
    }
    Ok(())
}
