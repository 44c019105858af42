//! COSE receipts, verified to a root.

use cose_ext::crypto::{Curve, KeyMaterial, PublicKey, YCoordinate};
use cose_ext::cwt::Time;
use cose_ext::error::ErrorKind as CoseErrorKind;
use cose_ext::header::{Protected, Vds};
use cose_ext::key::{KeyResolver, TrustStore, TrustedKey};
use cose_ext::rustcrypto::RustCrypto;
use cose_ext::{Context, Input, Label, Profile, Verified};
use merkle_proof::ccf::{AnchorReading, CcfSha256Tree, PathElement};
use merkle_proof::cose::{
    Error, ErrorKind, MmrReceipt, Receipt, ReceiptReading, ReceiptVerifier, SignedRoot, Structure,
};
use merkle_proof::mmr::{MmrHash, MmrSha256};
use merkle_proof::{
    CcfLedger, LeafIndex, Rfc9162Tree, Rule, Sha256Tree, Side, TreeHash, TreeHead, TreeSize,
    TrustedRoot, inclusion_nodes,
};
use serde_json::{Value, json};
use testkit::jwk::Jwk;
use testkit::vectors::{Case, Facts, Outcome, Trouble};

use crate::ccf::{check_sizes, record, tags};
use crate::named::Named;

/// Attached roots are refused, every proof has to be sound, empty paths are followed: the default
/// readings. Ledgers and mountain ranges are opted in, as their numbers are not registered yet.
const READING: ReceiptReading<'static> = ReceiptReading::DEFAULT.with_ccf_ledger().with_mmr();

/// A refusal, with the stage at which verification failed.
pub(crate) fn refused(error: &Error, mut facts: Facts) -> Outcome {
    let of_signature = matches!(
        error.kind(),
        ErrorKind::Verification { rule: Rule::RootSigned }
            | ErrorKind::Cose(CoseErrorKind::Verification(_) | CoseErrorKind::Policy(_))
    );
    facts.is("failure_stage", if of_signature { "signature" } else { "structure" });
    facts.is("iat", Value::Null);
    let rule = error.rule().map(|rule| rule.id);
    Outcome::Refused { rule, error: error.to_string(), facts }
}

fn accepted(mut facts: Facts) -> Outcome {
    facts.is("failure_stage", Value::Null);
    Outcome::Accepted(facts)
}

/// A public key in a file: JWK, or a PEM SPKI.
enum KeyFile {
    Jwk(Box<Jwk>),
    /// x and y on P-384: the end of the SPKI.
    P384([u8; 96]),
}

impl KeyFile {
    fn read(case: &Case, index: usize) -> Result<Self, Trouble> {
        let bytes = case.key_bytes(index)?;
        let Some(pem) = bytes.strip_prefix(b"-----BEGIN PUBLIC KEY-----") else {
            return Ok(Self::Jwk(Box::new(Jwk::from_slice(&bytes)?)));
        };
        let text = String::from_utf8_lossy(pem);
        let body: String =
            text.lines().take_while(|line| !line.starts_with("-----")).map(str::trim).collect();
        let spki = crate::probes::base64(&Value::String(body))?;
        match spki.last_chunk() {
            Some(point) if spki.len() == 120 => Ok(Self::P384(*point)),
            _ => Err("a PEM key that is none on P-384".into()),
        }
    }

    fn public_key(&self) -> Result<(PublicKey<'_>, Option<&[u8]>), Trouble> {
        let ec2 = |curve, x, y| KeyMaterial::Ec2 { curve, x, y: YCoordinate::Value(y) };
        let (material, key_id) = match self {
            Self::P384(point) => (ec2(Curve::P384, &point[..48], &point[48..]), None),
            Self::Jwk(jwk) => {
                let material = match jwk.crv.as_deref() {
                    Some("P-256") => ec2(Curve::P256, jwk.x()?, jwk.y()?),
                    Some("P-384") => ec2(Curve::P384, jwk.x()?, jwk.y()?),
                    Some("secp256k1") => ec2(Curve::SECP256K1, jwk.x()?, jwk.y()?),
                    Some("Ed25519") => KeyMaterial::Okp { curve: Curve::ED25519, x: jwk.x()? },
                    other => return Err(format!("a key on {other:?}").into()),
                };
                (material, jwk.kid.as_deref().map(str::as_bytes))
            }
        };
        Ok((PublicKey { material, algorithm: None }, key_id))
    }
}

/// Calls `then` with the keys of the case.
fn with_keys<T>(case: &Case, then: impl FnOnce(&dyn KeyResolver) -> T) -> Result<T, Trouble> {
    let files = (0..case.keys.len())
        .map(|index| KeyFile::read(case, index))
        .collect::<Result<Vec<_>, _>>()?;
    let mut keys = Vec::new();
    for file in &files {
        let (key, key_id) = file.public_key()?;
        let key =
            TrustedKey::new(key, &Context::new(&RustCrypto)).map_err(|error| error.to_string())?;
        keys.push(key_id.map_or(key, |key_id| key.with_key_id(key_id)));
    }
    Ok(then(&Named(TrustStore::new(&keys))))
}

/// What the headers say.
fn record_headers(receipt: &Receipt<'_>, facts: &mut Facts) -> Result<(), Error> {
    let protected = receipt.message().headers().protected();
    facts.is("alg", receipt.message().algorithm()?.value());
    facts.is("vds", receipt.vds().value().to_i64());
    facts.is("payload_detached", receipt.message().danger_unverified_payload().is_none());
    if let Some(key_id) = protected.key_id()? {
        facts.is_hex("kid_hex", key_id);
    }
    if let Some(claims) = protected.cwt_claims()? {
        for (fact, text) in [("cwt_iss", claims.issuer()?), ("cwt_sub", claims.subject()?)] {
            if let Some(text) = text {
                facts.is(fact, text);
            }
        }
        if let Some(iat) = issued_at(protected)? {
            facts.is("cwt_iat", iat);
        }
    }
    if let Some(ccf) = protected.find(Label::text("ccf.v1")) {
        let map = cose_ext::cbor::Map::new(&ccf).map_err(cose_ext::Error::from)?;
        let read = |raw: cose_ext::cbor::Raw<'_>| {
            raw.read(cose_ext::cbor::Reader::text).map(str::to_owned).ok()
        };
        for (key, value) in &map {
            if read(key).as_deref() == Some("txid") {
                facts.is("ccf_txid", read(value));
            }
        }
    }
    Ok(())
}

fn issued_at(protected: &Protected<'_>) -> Result<Option<i64>, Error> {
    let Some(claims) = protected.cwt_claims()? else { return Ok(None) };
    Ok(claims.issued_at()?.map(|date| match date.time() {
        Time::Seconds(seconds) => seconds,
        fractional => fractional.floor(),
    }))
}

pub(crate) fn inclusion(case: &Case) -> Result<Outcome, Trouble> {
    let entry =
        case.fact_hex(if case.fact("entry_hex").is_some() { "entry_hex" } else { "data_hash" })?;
    let bytes = case.bytes()?;
    let mut facts = Facts::new();
    with_keys(case, |keys| {
        let context = Context::new(&RustCrypto);
        let mut verify = || {
            let receipt = Receipt::decode(&bytes, &Profile::LENIENT)?;
            record_headers(&receipt, &mut facts)?;
            let roots = match receipt.structure()? {
                Structure::CcfLedger(_) => record_ledger_proofs(case, &receipt, &mut facts)?,
                Structure::Mmr(range) => record_range_proofs(&range, &entry, &mut facts)?,
                _ => record_proofs(&receipt, &entry, &mut facts)?,
            };
            if case.keys.is_empty() {
                // The key of this receipt is not published: structure and proof are judged.
                return Ok(None);
            }
            record_signatures(&receipt, &roots, keys, &context, &mut facts);
            receipt
                .verify_inclusion(
                    &[&entry],
                    &ReceiptVerifier::new(keys, &context).with_reading(&READING),
                )
                .map(Some)
        };
        let verified = verify();
        match verified {
            Ok(None) => {
                facts.is("signature", "not checked: the key is not published");
                accepted(facts)
            }
            Ok(Some(root)) => {
                let iat = issued_at(root.value().protected()).ok().flatten();
                facts.is("iat", iat).is("signature_ok", true);
                facts.is_hex("root", root.value().hash());
                accepted(facts)
            }
            Err(error) => refused(&error, facts),
        }
    })
}

/// `{tree_size, leaf_index, path}` of each proof and the root that it leads to, if it does.
fn record_proofs(
    receipt: &Receipt<'_>,
    entry: &[u8],
    facts: &mut Facts,
) -> Result<Vec<Option<[u8; 32]>>, Error> {
    let leaf = Sha256Tree.leaf(&[entry]);
    let (mut proofs, mut roots) = (Vec::new(), Vec::new());
    for proof in receipt.rfc9162()?.inclusion_proofs()? {
        let proof = proof?;
        let path =
            proof.path().map(|hash| Ok(hex::encode(hash?))).collect::<Result<Vec<_>, Error>>()?;
        let position = proof.position();
        proofs.push(json!({
            "tree_size": position.tree_size, "leaf_index": position.leaf_index, "path": path,
        }));
        roots.push(proof.root(&Sha256Tree, &leaf).ok().map(|root| *root.unconfirmed()));
    }
    if let [Value::Object(only)] = proofs.as_slice() {
        only.iter().for_each(|(key, value)| {
            facts.is(key, value.clone());
        });
    }
    if let [Some(root)] = roots.as_slice() {
        facts.is_hex("root", root);
    }
    facts.is_hex("entry_hex", entry);
    facts.is("proofs", proofs);
    let shown: Vec<_> = roots.iter().map(|root| root.map(hex::encode)).collect();
    facts.is("recomputed_roots", shown);
    Ok(roots)
}

/// `{index, path}` of each proof of a Merkle Mountain Range, and the peak that it leads to.
fn record_range_proofs(
    receipt: &MmrReceipt<'_>,
    entry: &[u8],
    facts: &mut Facts,
) -> Result<Vec<Option<[u8; 32]>>, Error> {
    let leaf = MmrSha256.leaf(&[entry]);
    let (mut proofs, mut roots) = (Vec::new(), Vec::new());
    for proof in receipt.inclusion_proofs()? {
        let proof = proof?;
        let path = proof.path().map(|hash| Ok(hex::encode(hash?)));
        let path = path.collect::<Result<Vec<_>, Error>>()?;
        proofs.push(json!({ "index": proof.danger_unauthenticated_index(), "path": path }));
        roots.push(proof.root(&MmrSha256, &leaf).ok().map(|root| *root.unconfirmed()));
    }
    facts.is_hex("entry_hex", entry);
    facts.is("proofs", proofs);
    Ok(roots)
}

fn record_ledger_proofs(
    case: &Case,
    receipt: &Receipt<'_>,
    facts: &mut Facts,
) -> Result<Vec<Option<[u8; 32]>>, Error> {
    let mut roots = Vec::new();
    for proof in receipt.ccf_ledger()?.inclusion_proofs()? {
        let proof = proof?;
        let path = proof.path().collect::<Result<Vec<_>, _>>()?;
        let leaf = proof.leaf();
        facts
            .is_hex("data_hash", leaf.data_hash())
            .is("internal_evidence", leaf.internal_evidence());
        facts.is_hex("internal_transaction_hash", leaf.internal_transaction_hash());
        facts.is("path_len", path.len());
        facts.is("path_tags", tags(path.iter().map(|element| element.left)));
        facts.is(
            "path",
            path.iter().map(|e| json!([e.left, hex::encode(e.hash)])).collect::<Vec<_>>(),
        );
        if let Ok(size) = case.fact_u64("tree_size_from_origin") {
            if (0..size).any(|index| has_sides(size, index, &path)) {
                facts.is("tree_size_from_origin", size);
            } else {
                facts.is("tree_size_from_origin", "no leaf of such a ledger has this path");
            }
        }
        roots.push(Some(*proof.root(&CcfSha256Tree)?.unconfirmed()));
    }
    Ok(roots)
}

fn has_sides(size: u64, index: u64, path: &[PathElement<&[u8]>]) -> bool {
    let planned = inclusion_nodes(LeafIndex(index), TreeSize(size)).into_iter().flatten();
    planned.map(|node| node.side == Side::Left).eq(path.iter().map(|element| element.left))
}

/// Whether the signature is over each root, where that was evaluated at all.
fn record_signatures(
    receipt: &Receipt<'_>,
    roots: &[Option<[u8; 32]>],
    keys: &dyn KeyResolver,
    context: &Context<'_>,
    facts: &mut Facts,
) {
    let message = receipt.message();
    let mut verdicts = Vec::new();
    for root in roots {
        let verified = match (root, message.danger_unverified_payload()) {
            (None, _) => {
                verdicts.push(false);
                continue;
            }
            (Some(root), None) => message.verify(&Input::detached(root), keys, context).map(|_| ()),
            (Some(_), Some(_)) => message.verify(&Input::embedded(), keys, context).map(|_| ()),
        };
        match verified.map_err(|error| error.kind()) {
            Ok(()) => verdicts.push(true),
            Err(CoseErrorKind::Verification(_)) => verdicts.push(false),
            // Refused by policy, before the signature was looked at.
            Err(_) => return,
        }
    }
    if let [verdict] = verdicts.as_slice() {
        facts.is("signature_over_root", *verdict);
    }
    facts.is("signature_over_root_or_payload", verdicts);
}

pub(crate) fn consistency(case: &Case) -> Result<Outcome, Trouble> {
    let bytes = case.bytes()?;
    let older = case.fact_hex("older_root")?;
    let older = <[u8; 32]>::try_from(older).map_err(|_| "an older root that is no hash")?;
    let mut facts = Facts::new();
    facts.is_hex("older_root", older);
    let receipt = match Receipt::decode(&bytes, &Profile::LENIENT) {
        Ok(receipt) => receipt,
        Err(error) => return Ok(refused(&error, facts)),
    };
    if let Err(error) = record_headers(&receipt, &mut facts) {
        return Ok(refused(&error, facts));
    }
    with_keys(case, |keys| {
        if receipt.vds() == Vds::CCF_LEDGER_SHA256 {
            ledger_consistency(case, &receipt, older, keys, facts)
        } else {
            log_consistency(case, &receipt, older, keys, facts)
        }
    })?
}

fn newer_root(
    verified: Result<Verified<SignedRoot<'_>>, Error>,
    mut facts: Facts,
) -> Result<(Facts, [u8; 32]), Outcome> {
    match verified {
        Ok(root) => {
            let root = *root.value().hash();
            facts.is("signature_over_newer_root", true).is_hex("newer_root", root);
            Ok((facts, root))
        }
        Err(error) => Err(refused(&error, facts)),
    }
}

fn ledger_consistency(
    case: &Case,
    receipt: &Receipt<'_>,
    older: [u8; 32],
    keys: &dyn KeyResolver,
    mut facts: Facts,
) -> Result<Outcome, Trouble> {
    let context = Context::new(&RustCrypto);
    let older = TrustedRoot::<CcfLedger, _>::vouched_for(older);
    let verify = |older| {
        receipt.ccf_ledger().and_then(|receipt| {
            receipt.verify_consistency(
                &older,
                AnchorReading::Strict,
                &ReceiptVerifier::new(keys, &context).with_reading(&READING),
            )
        })
    };
    let read = || {
        let proofs = receipt.ccf_ledger()?.consistency_proofs()?.collect::<Result<Vec<_>, _>>()?;
        let path = proofs[0].path().collect::<Result<Vec<_>, _>>()?;
        Ok::<_, Error>((proofs, path))
    };
    let (proofs, path) = match read() {
        Ok(read) => read,
        Err(error) => return Ok(refused(&error, facts)),
    };
    record(&proofs[0], &path, &mut facts);
    let (mut facts, newer) = match newer_root(verify(older), facts) {
        Ok(verified) => verified,
        Err(outcome) => return Ok(outcome),
    };
    let newer = TrustedRoot::vouched_for(newer);
    if verify(newer).is_ok() {
        return Err("accepted from another older root too".into());
    }
    if let (Ok(m), Ok(n)) = (case.fact_u64("m"), case.fact_u64("n")) {
        check_sizes((m, older), (n, newer), &proofs[0], &path)?;
        facts.is("m", m).is("n", n);
    }
    Ok(accepted(facts))
}

fn log_consistency(
    case: &Case,
    receipt: &Receipt<'_>,
    older: [u8; 32],
    keys: &dyn KeyResolver,
    mut facts: Facts,
) -> Result<Outcome, Trouble> {
    let size = case.fact_u64("tree_size_1")?;
    let older = TreeHead::new(size, TrustedRoot::<Rfc9162Tree, _>::vouched_for(older));
    let mut read = || {
        let mut roots = Vec::new();
        for proof in receipt.rfc9162()?.consistency_proofs()? {
            let proof = proof?;
            facts.is("tree_size_1", proof.danger_unauthenticated_older_size());
            facts.is("tree_size_2", proof.danger_unauthenticated_newer_size());
            let path = proof.path().map(|hash| Ok(hex::encode(hash?)));
            facts.is("path", path.collect::<Result<Vec<_>, Error>>()?);
            roots.push(*proof.root(&Sha256Tree, &older)?.unconfirmed());
        }
        Ok(roots)
    };
    let roots = match read() {
        Ok(roots) => roots,
        Err(error) => return Ok(refused(&error, facts)),
    };
    if case.keys.is_empty() {
        // The key of this receipt is not published: structure and proof are judged.
        facts.is_hex("newer_root", roots[0]);
        facts.is("signature", "not checked: the key is not published");
        return Ok(accepted(facts));
    }
    let verified = receipt.rfc9162().and_then(|receipt| {
        receipt.verify_consistency(
            &older,
            &ReceiptVerifier::new(keys, &Context::new(&RustCrypto)).with_reading(&READING),
        )
    });
    Ok(newer_root(verified, facts).map_or_else(|outcome| outcome, |(facts, _)| accepted(facts)))
}
