//! What the vectors state as facts, read by this crate.

use cose_ext::{
    Input, IntOrText, Label, Payload, Processed,
    cbor::{Limits, Map as CborMap, Raw, Reader, Strictness},
    crypto::{Algorithm, HashFunction},
    header::{Bucket, ContentType, Protected, Vds},
    key::KeyResolver,
    rustcrypto::Sha256,
};
use merkle_proof::{
    CcfLedger, Rfc9162Tree, TreeHash,
    cose::{CoseTree, Receipt},
};
use scitt_core::{EntryRule, Rule, SignedStatement};
use serde_json::{Map, Value, json};

use crate::context;

pub(crate) type Object = Map<String, Value>;

pub(crate) fn sha256(parts: &[&[u8]]) -> String {
    hex::encode(Sha256.hash(parts))
}

/// What a signed statement says of itself.
pub(crate) fn of_statement(statement: &SignedStatement<'_>) -> Object {
    let message = statement.message();
    let headers = message.headers();
    let protected = headers.protected();
    let mut facts = Object::new();
    facts.insert("tag".into(), message.is_tagged().then_some(18).into());
    facts.insert("alg".into(), message.algorithm().ok().map(Algorithm::value).into());
    facts.insert("protected_labels".into(), labels(protected));
    facts.insert("unprotected_labels".into(), labels(headers.unprotected()));
    facts.insert("signature_len".into(), message.signature().len().into());
    if let Some(payload) = message.danger_unverified_payload() {
        let entry = EntryRule::DEFAULT.entry(message, payload);
        facts.insert("payload_len".into(), payload.len().into());
        facts.insert("payload_sha256".into(), sha256(&[payload]).into());
        facts.insert("sha256_with_empty_unprotected".into(), sha256(&entry.parts()).into());
    }
    let content_type = protected.content_type().ok().flatten();
    insert(&mut facts, "content_type", content_type.map(of_content_type));
    if let Ok(Some(envelope)) = headers.hash_envelope() {
        facts.insert("payload_hash_alg".into(), envelope.algorithm.value().into());
        let preimage = envelope.preimage_content_type.map(of_content_type);
        insert(&mut facts, "preimage_content_type", preimage);
        insert(&mut facts, "payload_location", envelope.location.map(Value::from));
    }
    let crit = protected.crit().ok().flatten();
    insert(
        &mut facts,
        "crit",
        crit.map(|crit| crit.labels().map(|label| of_label(label.value())).collect()),
    );
    let x5t = protected.x5t().ok().flatten();
    insert(
        &mut facts,
        "x5t",
        x5t.map(|x5t| json!([of_label(x5t.algorithm()), hex::encode(x5t.digest())])),
    );
    let chain = protected.x5chain().ok().flatten();
    insert(&mut facts, "x5chain_len", chain.map(|chain| chain.len().into()));
    facts.extend(of_claims(protected));
    facts
}

/// What the claims in a protected header say.
pub(crate) fn of_claims(protected: &Protected<'_>) -> Object {
    let mut facts = Object::new();
    let Ok(Some(claims)) = protected.cwt_claims() else { return facts };
    insert(&mut facts, "cwt_iss", claims.issuer().ok().flatten().map(Value::from));
    insert(&mut facts, "cwt_sub", claims.subject().ok().flatten().map(Value::from));
    if let Ok(Some(date)) = claims.issued_at() {
        facts.insert("cwt_iat".into(), date.time().floor().into());
        facts.insert("cwt_iat_encoded_as_tag_1".into(), date.is_tagged().into());
    }
    let svn = claims.find("svn".into()).and_then(|svn| svn.read(Reader::uint).ok());
    insert(&mut facts, "cwt_svn", svn.map(Value::from));
    facts
}

/// What a receipt says of itself, what it proves of the statement with the entry `entry`, and
/// whether one of `keys` signed it.
pub(crate) fn of_receipt(
    receipt: &Receipt<'_>,
    entry: Option<&[u8]>,
    keys: Option<&dyn KeyResolver>,
) -> Object {
    let message = receipt.message();
    let protected = message.headers().protected();
    let mut facts = Object::new();
    facts.insert("alg".into(), message.algorithm().ok().map(Algorithm::value).into());
    facts.insert("vds".into(), receipt.vds().value().to_i64().into());
    let is_detached = message.danger_unverified_payload().is_none();
    facts.insert("payload_detached".into(), is_detached.into());
    let key_id = protected.key_id().ok().flatten();
    insert(&mut facts, "kid_hex", key_id.map(|key_id| hex::encode(key_id).into()));
    insert(&mut facts, "ccf_txid", ccf_transaction(protected).map(Value::from));
    facts.extend(of_claims(protected));
    let signed = |root: &[u8; 32]| keys.map(|keys| is_signed(receipt, root, keys));
    if receipt.vds() == Vds::CCF_LEDGER_SHA256 {
        facts.extend(of_ccf_proof(receipt, entry, &signed).unwrap_or_default());
    } else if let Some(entry) = entry {
        facts.extend(of_rfc9162_proofs(receipt, entry, &signed));
    }
    facts
}

fn of_ccf_proof(
    receipt: &Receipt<'_>,
    entry: Option<&[u8]>,
    signed: &dyn Fn(&[u8; 32]) -> Option<bool>,
) -> Option<Object> {
    let tree = CoseTree::<CcfLedger>::new(&Sha256)?;
    let proof = receipt.ccf_ledger().ok()?.inclusion_proofs().ok()?.next()?.ok()?;
    let root = *proof.root(&tree).ok()?.unconfirmed();
    let path: Vec<_> = proof.path().collect::<Result<_, _>>().ok()?;
    let data_hash = proof.leaf().data_hash();
    let tags: String = path.iter().map(|element| if element.left { 'L' } else { 'R' }).collect();
    let mut facts = Object::new();
    facts.insert("root".into(), hex::encode(root).into());
    facts.insert("data_hash".into(), hex::encode(data_hash).into());
    facts.insert("internal_evidence".into(), proof.leaf().internal_evidence().into());
    facts.insert("path_len".into(), path.len().into());
    facts.insert("path_tags".into(), tags.into());
    insert(&mut facts, "binds_statement", entry.map(|entry| (*data_hash == *entry).into()));
    facts.insert("signature_over_root".into(), signed(&root).into());
    Some(facts)
}

fn of_rfc9162_proofs(
    receipt: &Receipt<'_>,
    entry: &[u8],
    signed: &dyn Fn(&[u8; 32]) -> Option<bool>,
) -> Object {
    let mut facts = Object::new();
    let Some(tree) = CoseTree::<Rfc9162Tree>::new(&Sha256) else { return facts };
    let leaf = tree.leaf(&[entry]);
    let (mut proofs, mut roots, mut signatures) = (Vec::new(), Vec::new(), Vec::new());
    for proof in receipt
        .rfc9162()
        .and_then(|receipt| receipt.inclusion_proofs())
        .into_iter()
        .flatten()
        .flatten()
    {
        let path: Vec<_> = proof.path().flatten().map(hex::encode).collect();
        let position = proof.position();
        proofs.push(json!({
            "tree_size": position.tree_size, "leaf_index": position.leaf_index, "path": path,
        }));
        let root = proof.root(&tree, &leaf).ok().map(|root| *root.unconfirmed());
        roots.push(Value::from(root.map(hex::encode)));
        signatures.push(Value::from(root.map_or(Some(false), |root| signed(&root))));
    }
    facts.insert("entry_hex".into(), hex::encode(entry).into());
    facts.insert("proofs".into(), proofs.into());
    facts.insert("recomputed_roots".into(), roots.into());
    facts.insert("signature_over_root".into(), signatures.into());
    facts
}

/// Whether the receipt is a signature over this root, whatever else there is to say of it.
fn is_signed(receipt: &Receipt<'_>, root: &[u8; 32], keys: &dyn KeyResolver) -> bool {
    let crit = receipt.message().headers().protected().crit().ok().flatten();
    let critical: Vec<_> = crit.into_iter().flat_map(|crit| crit.labels()).collect();
    let input = Input::detached(root).with_processed(Processed::new(&critical));
    receipt.message().verify(&input, keys, &context()).is_ok()
}

/// Whether one of `keys` signed the statement, whatever its header asks for.
pub(crate) fn is_statement_signed(
    statement: &SignedStatement<'_>,
    payload: Payload<'_>,
    keys: &dyn KeyResolver,
    context: &cose_ext::Context<'_>,
) -> bool {
    let crit = statement.message().headers().protected().crit().ok().flatten();
    let critical: Vec<_> = crit.into_iter().flat_map(|crit| crit.labels()).collect();
    let input = match payload {
        Payload::Embedded => Input::embedded(),
        Payload::Detached(payload) => Input::detached(payload),
    };
    statement
        .message()
        .verify(&input.with_processed(Processed::new(&critical)), keys, context)
        .is_ok()
}

/// The phrase of the vectors for a requirement that a statement does not meet; `None` for what
/// they do not count as one.
pub(crate) fn statement_gap(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::StatementTagged => "statement is not tagged",
        Rule::StatementClaims => "statement has no CWT Claims (15)",
        Rule::StatementIssuer => "statement has no iss",
        Rule::StatementSubject => "statement has no sub",
        Rule::KeyIdentified => "statement has neither kid, x5t nor x5chain in the protected header",
        Rule::IssuerIsUri => "statement iss is not a URI",
        Rule::IssuerLength => "statement iss is not of 1 to 8192 characters",
        // RFC 8392, not RFC 9943, and in most published statements.
        _ => return None,
    })
}

/// The phrases for what a receipt does not meet. Its rule does not tell the claims apart.
pub(crate) fn receipt_gaps(receipt: &Receipt<'_>) -> Vec<&'static str> {
    let protected = receipt.message().headers().protected();
    let mut gaps = Vec::new();
    match protected.cwt_claims().ok().flatten() {
        None => gaps.push("receipt has no CWT Claims (15)"),
        Some(claims) => {
            let lacks = |claim: Result<Option<&str>, _>| !matches!(claim, Ok(Some(_)));
            gaps.extend(lacks(claims.issuer()).then_some("receipt has no iss"));
            gaps.extend(lacks(claims.subject()).then_some("receipt has no sub"));
        }
    }
    if [Label::KID, Label::X5T, Label::X5CHAIN].iter().all(|label| protected.find(*label).is_none())
    {
        gaps.push("receipt has neither kid, x5t nor x5chain in the protected header");
    }
    gaps
}

/// The phrases for what stands where a receipt should and is none, as far as it has a protected header.
pub(crate) fn gaps_of_no_receipt(bytes: &[u8]) -> Vec<&'static str> {
    let mut gaps = Vec::new();
    let mut reader = Reader::new(bytes, Strictness::default());
    let tag = bytes.strip_prefix(&[0xd2]);
    if let Some(untagged) = tag {
        reader = Reader::new(untagged, Strictness::default());
    } else {
        gaps.push("receipt is not tagged 18");
    }
    let protected = reader.array().and_then(|_| reader.bytes());
    let map = protected
        .and_then(|map| CborMap::decode(map, 0, Strictness::default(), &Limits::default()));
    let is_claims = |key: Raw<'_>| key.read(Reader::uint) == Ok(15);
    if !map.is_ok_and(|map| map.iter().any(|(key, _)| is_claims(key))) {
        gaps.push("receipt has no CWT Claims (15)");
    }
    gaps
}

/// Whether a date in the claims is wrapped in tag 1: a gap to this crate, not to the vectors.
pub(crate) fn has_tagged_date(protected: &Protected<'_>) -> bool {
    let Ok(Some(claims)) = protected.cwt_claims() else { return false };
    [claims.issued_at(), claims.not_before(), claims.expires_at()]
        .iter()
        .any(|date| matches!(date, Ok(Some(date)) if date.is_tagged()))
}

fn ccf_transaction<'a>(protected: &Protected<'a>) -> Option<&'a str> {
    let header = CborMap::new(&protected.find(Label::text("ccf.v1"))?).ok()?;
    let is_txid = |key: &Raw<'_>| key.read(|reader| Ok(reader.text()? == "txid")) == Ok(true);
    let (_, txid) = header.iter().find(|(key, _)| is_txid(key))?;
    txid.read(Reader::text).ok()
}

fn of_content_type(content_type: ContentType<'_>) -> Value {
    match content_type {
        ContentType::MediaType(text) => text.into(),
        ContentType::ContentFormat(number) => number.into(),
    }
}

fn labels(bucket: &Bucket<'_>) -> Value {
    bucket.iter().map(|(label, _)| of_label(label.value())).collect()
}

fn of_label(label: IntOrText<'_>) -> Value {
    match label {
        IntOrText::Int(value) => value.to_i64().into(),
        IntOrText::Text(text) => text.into(),
    }
}

fn insert(facts: &mut Object, key: &str, value: Option<Value>) {
    facts.extend(value.map(|value| (key.to_owned(), value)));
}

/// The receipts that a statement carries.
pub(crate) fn receipts<'a>(statement: &SignedStatement<'a>) -> Vec<&'a [u8]> {
    let headers = statement.message().headers();
    let unprotected = headers.unprotected().receipts().ok().flatten();
    let receipts = unprotected.or_else(|| headers.protected().receipts().ok().flatten());
    receipts.into_iter().flat_map(|receipts| receipts.iter()).map(|(_, receipt)| receipt).collect()
}
