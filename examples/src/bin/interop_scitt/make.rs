//! Statements and receipts of vds 1 that are made here, and what breaks them.

use cose_ext::crypto::{HashFunction, Signer};
use cose_ext::header::ContentType;
use cose_ext::key::{CoseKeyEncoder, TrustedKey};
use cose_ext::rustcrypto::{Ed25519SigningKey, P256SigningKey, P384SigningKey, RustCrypto, Sha256};
use cose_ext::{Context, Input, crypto::PublicKey};
use merkle_proof::Sha256Tree;
use scitt_core::{
    EntryRule, ReceiptKey, Registration, Requirements, StatementBuilder, TransparencyService,
};

use super::Trouble;
use super::case::{Case, Expected};

const ISSUER: &str = "https://maker.example";
const LOG: &str = "https://log.example";
const NOW: i64 = 1_800_000_000;
const GOOD: Expected = Expected { statement: true, receipt: true, rfc9943: true };

/// A key that signs, with what others need to check it.
struct Key {
    signer: Box<dyn Signer>,
    public: Vec<u8>,
    trusted: cose_ext::key::OwnedTrustedKey,
    name: &'static str,
}

impl Key {
    fn new(
        name: &'static str,
        signer: Box<dyn Signer>,
        public: PublicKey<'_>,
    ) -> Result<Self, Trouble> {
        let trusted = cose_ext::key::OwnedTrustedKey::new(public, &Context::new(&RustCrypto))?;
        let public = CoseKeyEncoder::new(public)?.to_vec();
        Ok(Self { signer, public, trusted, name })
    }
}

fn keys(seed: u8) -> Result<[Key; 3], Trouble> {
    let ed25519 = Ed25519SigningKey::from_bytes(&[seed; 32])?;
    let p256 = P256SigningKey::from_bytes(&[seed; 32])?;
    let p384 = P384SigningKey::from_bytes(&[seed; 48])?;
    let (a, b, c) = (ed25519.public_key(), p256.public_key(), p384.public_key());
    Ok([
        Key::new("EdDSA", Box::new(ed25519), (&a).into())?,
        Key::new("ES256", Box::new(p256), (&b).into())?,
        Key::new("ES384", Box::new(p384), (&c).into())?,
    ])
}

pub(crate) fn all() -> Result<Vec<Case>, Trouble> {
    let mut cases = Vec::new();
    let (issuers, logs) = (keys(1)?, keys(2)?);
    for issuer in &issuers {
        for log in &logs {
            for size in [1, 2, 3, 7, 8, 21] {
                let good = of_size(issuer, log, size)?;
                if size == 7 {
                    cases.extend(broken(&good[3], &good[4])?);
                }
                cases.extend(good);
            }
        }
    }
    Ok(cases)
}

/// A log of so many statements, each with its receipt.
fn of_size(issuer: &Key, log: &Key, size: u64) -> Result<Vec<Case>, Trouble> {
    let context = Context::new(&RustCrypto);
    let (trusted, input): (TrustedKey<'_>, _) =
        (issuer.trusted.as_trusted_key(), Input::embedded());
    let trusted = trusted.for_issuer(ISSUER);
    let policy = Registration { issuers: &trusted, requirements: Requirements::Rfc9943 };
    let key = ReceiptKey::new(b"log", log.signer.algorithm());
    let mut service =
        TransparencyService::in_memory(Sha256Tree, LOG, key).with_entry_rule(EntryRule::SCITT_COSE);
    let mut made = Vec::new();
    for number in 0..size {
        let payload = format!("report {number}").into_bytes();
        let statement = StatementBuilder::new(ISSUER, &format!("pkg:generic/part@{number}"))
            .key_id(b"maker")
            .issued_at(NOW)
            .content_type(ContentType::MediaType("text/plain"))
            .sign(&payload, &*issuer.signer)?;
        let entry = service.register(&statement, &input, NOW, &policy, &context)?;
        made.push((entry, statement, payload));
    }
    let mut cases = Vec::new();
    for (entry, statement, payload) in made {
        let receipt = service.prepare_receipt(entry, NOW, &context)?.sign(&*log.signer)?;
        cases.push(Case {
            name: format!("ours: {} in {}, {} of {size}", issuer.name, log.name, entry.index()),
            entry: Sha256.hash(&[&statement]).as_ref().to_vec(),
            statement,
            receipt,
            issuer_key: issuer.public.clone(),
            log_key: log.public.clone(),
            issuer: ISSUER.into(),
            payload,
            expected: GOOD,
        });
    }
    Ok(cases)
}

/// What anybody can do to a statement and its receipt.
fn broken(good: &Case, other: &Case) -> Result<Vec<Case>, Trouble> {
    let with = |what: &str, change: &dyn Fn(&mut Case)| {
        let mut case = good.clone();
        case.name = format!("{}, {what}", good.name);
        change(&mut case);
        case
    };
    let unsigned = Expected { statement: false, ..GOOD };
    let unlogged = Expected { receipt: false, ..GOOD };
    let at = good.statement.windows(good.payload.len()).position(|it| it == good.payload);
    let at = at.ok_or("no payload")?;
    let hash = |case: &mut Case| {
        case.entry = Sha256.hash(&[&case.statement]).as_ref().to_vec();
    };
    Ok(vec![
        with("other payload", &|case| {
            case.statement[at] ^= 1;
            case.expected = Expected { statement: false, receipt: false, ..GOOD };
            hash(case);
        }),
        with("other signature of the statement", &|case| {
            if let Some(last) = case.statement.last_mut() {
                *last ^= 1;
            }
            case.expected = Expected { statement: false, receipt: false, ..GOOD };
            hash(case);
        }),
        with("other signature of the receipt", &|case| {
            if let Some(last) = case.receipt.last_mut() {
                *last ^= 1;
            }
            case.expected = unlogged;
        }),
        with("receipt of another statement", &|case| {
            case.receipt.clone_from(&other.receipt);
            case.expected = unlogged;
        }),
        with("key of another issuer", &|case| {
            case.issuer_key.clone_from(&case.log_key);
            case.expected = unsigned;
        }),
        with("key of another log", &|case| {
            case.log_key.clone_from(&case.issuer_key);
            case.expected = unlogged;
        }),
    ])
}
