//! Published statements and receipts, real services' among them.
//!
//! The verdict is that of lenient requirements (`Requirements::Lenient`): signature, proof and
//! binding. The strict ones (`Requirements::Rfc9943`) are asked too, and have to refuse exactly the
//! statements that the vectors list gaps of, with one difference of reading: a date wrapped in tag 1
//! (RFC 8392 2 wants it bare) is a gap here, and not one of RFC 9943 to the vectors.

#[path = "vectors/decoded.rs"]
mod decoded;
#[path = "vectors/forks.rs"]
mod forks;
#[path = "support/keys.rs"]
mod keys;

use cose_ext::{
    Context, Input, Payload, Profile,
    crypto::{Algorithm, AlgorithmPolicy, Binding, Curve},
    header::Vds,
    key::{KeyResolver, KeySet, TrustStore, TrustedKey},
    rustcrypto::RustCrypto,
};
use decoded::Object;
use keys::OwnedKey;
use merkle_proof::cose::Receipt;
use scitt_core::{
    EntryRule, Error, ErrorKind, ReceiptRules, Requirements, Rule, ServiceKey, SignedStatement,
    StatementEntries, TransparentStatement, TrustedService, Verifier,
};
use serde_json::Value;
use testkit::{
    jwk::Jwk,
    vectors::{Case, Facts, Outcome, Suite, Trouble},
};

fn main() -> std::process::ExitCode {
    Suite::new(env!("CARGO_MANIFEST_DIR"))
        .kind("scitt", "signed-statement", signed_statement)
        .kind("scitt", "transparent-statement", transparent_statement)
        .kind("scitt", "signed-statement+receipt", statement_and_receipt)
        .kind("scitt", "signed-head", forks::signed_head)
        .kind("scitt", "fork-proof", forks::fork_proof)
        .run()
}

fn context() -> Context<'static> {
    Context::new(&RustCrypto)
}

/// ES384 under a P-256 key exists in a published statement. RFC 9053 2.1 does not forbid the pair, RFC
/// 9864 has no name for it; the standard policy refuses it, and this one lists it.
const ES384_WITH_P256: &[Binding] = &[Binding::ec2(Algorithm::ES384, Curve::P256)];

fn context_of(case: &Case) -> Context<'static> {
    // Only statements whose data say of themselves that they may be read in more than one way.
    if case.kind == "signed-statement" && case.fact("contested").is_some() {
        context().with_algorithms(AlgorithmPolicy::STANDARD.and(ES384_WITH_P256))
    } else {
        context()
    }
}

/// The keys of a case by what they are given for.
struct Keys {
    issuers: Vec<OwnedKey>,
    services: Vec<OwnedKey>,
}

impl Keys {
    fn of(case: &Case) -> Result<Self, Trouble> {
        let mut keys = Self { issuers: Vec::new(), services: Vec::new() };
        for (index, name) in case.keys.iter().enumerate() {
            let key = OwnedKey::from_jwk(&Jwk::from_slice(&case.key_bytes(index)?)?)?;
            let is_service = name.starts_with("service-") || name.ends_with("-log.jwk.json");
            if is_service { &mut keys.services } else { &mut keys.issuers }.push(key);
        }
        Ok(keys)
    }

    /// The issuer's keys; where the case gives none, the one that the statement's certificate
    /// certifies, since chains are no part of the verdict. The cases say whose keys they are: they are
    /// enrolled for the issuer that the statement claims, if it claims one.
    fn issuers_or<'k>(
        &'k self,
        leaf: Option<&'k OwnedKey>,
        statement: &SignedStatement<'k>,
    ) -> Result<Vec<TrustedKey<'k>>, Trouble> {
        let keys = if self.issuers.is_empty() { trusted(leaf) } else { trusted(&self.issuers) };
        let claims = statement.message().headers().protected().cwt_claims().ok().flatten();
        let issuer = claims.and_then(|claims| claims.issuer().ok().flatten());
        let bound = |key: TrustedKey<'k>| issuer.map_or(key, |issuer| key.for_issuer(issuer));
        Ok(keys?.into_iter().map(bound).collect())
    }
}

fn trusted<'k>(
    keys: impl IntoIterator<Item = &'k OwnedKey>,
) -> Result<Vec<TrustedKey<'k>>, Trouble> {
    let keys = keys.into_iter();
    Ok(keys.map(|key| TrustedKey::new(key.public_key(), &context())).collect::<Result<_, _>>()?)
}

/// The keys of the service, pinned. The cases do not state what is enrolled with a key: its
/// structure is the one of the receipts that name it, and the entry rule follows from that.
fn service_keys<'k>(
    keys: &'k [OwnedKey],
    receipts: &[&'k [u8]],
    case: &Case,
) -> Result<Vec<ServiceKey<'k>>, Trouble> {
    let receipts: Vec<_> =
        receipts.iter().filter_map(|receipt| decode_receipt(receipt).ok()).collect();
    let mut pinned = Vec::new();
    for key in keys {
        let mut service =
            ServiceKey::new(TrustedKey::new(key.public_key(), &context())?, key.usual_algorithm());
        let mut named = receipts.iter().filter(|receipt| {
            let key_id = receipt.message().headers().protected().key_id().ok().flatten();
            key.key_id.is_none() || key_id == key.key_id.as_deref()
        });
        // A key whose file states no kid is the one that the only receipt names.
        let only = match (keys, &receipts[..]) {
            ([_], [receipt]) => receipt.message().headers().protected().key_id().ok().flatten(),
            _ => None,
        };
        if let Some(key_id) = key.key_id.as_deref().or(only) {
            service = service.with_key_id(key_id);
        }
        if named.any(|receipt| receipt.vds() == Vds::CCF_LEDGER_SHA256) {
            service = service.with_vds(Vds::CCF_LEDGER_SHA256);
        } else {
            service = service.with_entry_rule(entry_rule(case)?);
        }
        pinned.push(service);
    }
    Ok(pinned)
}

/// The keys that a service published, for the structure of the receipts at hand.
fn of_key_set<'k>(
    key_set: &'k [u8],
    receipts: &[&'k [u8]],
) -> Result<Vec<ServiceKey<'k>>, Trouble> {
    let structures = receipts.iter().filter_map(|receipt| decode_receipt(receipt).ok());
    let vds = structures.map(|receipt| receipt.vds()).next().unwrap_or(Vds::RFC9162_SHA256);
    let mut pinned = Vec::new();
    for key in KeySet::decode(key_set, &Profile::LENIENT)?.iter() {
        let key = key?;
        let algorithm = key.algorithm()?.unwrap_or(Algorithm::ES384);
        let trusted = TrustedKey::new(key.public_key()?, &context())?;
        let service = ServiceKey::new(trusted, algorithm).with_vds(vds);
        pinned.push(match key.key_id()? {
            Some(key_id) => service.with_key_id(key_id),
            None => service,
        });
    }
    Ok(pinned)
}

/// Where the payload of a case is that travels apart.
fn apart(case: &Case) -> Result<Option<Vec<u8>>, Trouble> {
    for fact in ["detached_payload_hex", "payload_hex"] {
        if let Some(payload) = case.fact(fact).and_then(Value::as_str) {
            return Ok(Some(hex::decode(payload)?));
        }
    }
    for fact in ["detached_payload", "payload"] {
        if let Some(name) = case.fact(fact).and_then(Value::as_str) {
            return Ok(Some(case.sibling(name)?));
        }
    }
    Ok(None)
}

/// What the log of a case calls its entry, where its structure leaves that open.
fn entry_rule(case: &Case) -> Result<EntryRule, Trouble> {
    match case.fact("entry_rule").and_then(Value::as_str) {
        None => Ok(EntryRule::DEFAULT),
        Some(text) if text.starts_with("SHA-256 over the complete Signed Statement bytes") => {
            Ok(EntryRule::SCITT_COSE)
        }
        Some(text) if text.starts_with("SHA-256 over the tagged") => Ok(EntryRule::DEFAULT),
        Some(text) if text.to_lowercase().contains("raw statement bytes") => {
            Ok(EntryRule::STATEMENT_BYTES)
        }
        Some(text) => Err(format!("an entry rule that this test does not know: {text}").into()),
    }
}

fn decode_receipt(receipt: &[u8]) -> Result<Receipt<'_>, Error> {
    Ok(Receipt::decode(receipt, &Profile::LENIENT)?)
}

fn leaf_key(statement: &SignedStatement<'_>) -> Option<OwnedKey> {
    let headers = statement.message().headers();
    let chain = headers.protected().x5chain().ok().flatten();
    let chain = chain.or_else(|| headers.unprotected().x5chain().ok().flatten());
    OwnedKey::from_certificate(chain?.first())
}

fn signed_statement(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, keys, context) = (case.bytes()?, Keys::of(case)?, context_of(case));
    let statement = match SignedStatement::decode(&bytes, &Profile::LENIENT) {
        Ok(statement) => statement,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let payload = apart(case)?;
    let Some(input) = input(&statement, payload.as_deref()) else { return Ok(detached()) };
    let leaf = leaf_key(&statement);
    let issuers = keys.issuers_or(leaf.as_ref(), &statement)?;
    let issuers = TrustStore::new(&issuers);

    let mut found = decoded::of_statement(&statement);
    found.extend(signatures(&statement, input.payload(), &issuers, leaf.as_ref(), &context)?);
    let receipts = decoded::receipts(&statement);
    found.insert("receipts".into(), of_receipts(&statement, &receipts, &keys, case)?);
    found.insert("rfc9943_gaps".into(), unmet(&statement, &receipts).into());
    let facts = compared(case, found)?;

    let verify = |requirements| statement.verify(&input, &issuers, requirements, &context);
    let lenient = verify(Requirements::Lenient).map(drop);
    check_strict(case, &statement, &[], &lenient, verify(Requirements::Rfc9943).map(drop))?;
    Ok(outcome(lenient, facts))
}

fn transparent_statement(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, keys, context) = (case.bytes()?, Keys::of(case)?, context_of(case));
    let transparent = match TransparentStatement::decode(&bytes, &Profile::LENIENT) {
        Ok(transparent) => transparent,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let statement = transparent.statement();
    let payload = apart(case)?;
    let Some(input) = input(statement, payload.as_deref()) else { return Ok(detached()) };
    let leaf = leaf_key(statement);
    let issuers = keys.issuers_or(leaf.as_ref(), statement)?;
    let issuers = TrustStore::new(&issuers);
    let receipts = decoded::receipts(statement);
    let key_set = case.fact("key_set").and_then(Value::as_str).map(|name| case.sibling(name));
    let key_set = key_set.transpose()?;
    let mut service_keys = service_keys(&keys.services, &receipts, case)?;
    if let Some(key_set) = &key_set {
        service_keys.extend(of_key_set(key_set, &receipts)?);
    }
    let services = [TrustedService { name: "service", issuer: None, keys: &service_keys }];

    let mut found = decoded::of_statement(statement);
    if let Some(head) = receipts.first().and_then(|receipt| receipt.first_chunk::<8>()) {
        found.insert("receipt_head_hex".into(), hex::encode(head).into());
    }
    found.extend(case.fact("key_set").map(|name| ("key_set".to_owned(), name.clone())));
    found.extend(signatures(statement, input.payload(), &issuers, leaf.as_ref(), &context)?);
    found.insert("receipts".into(), of_receipts(statement, &receipts, &keys, case)?);
    found.insert("rfc9943_gaps".into(), unmet(statement, &receipts).into());
    let verifier = Verifier::new(&issuers, &services);
    let verify = |requirements| {
        let verifier = verifier.with_requirements(requirements);
        verifier.verify(&transparent, &input, &context).map(drop)
    };
    let lenient = verify(Requirements::Lenient);
    if let Err(error) = &lenient
        && error.kind() == ErrorKind::Refused(Rule::ReceiptTrusted)
    {
        found.insert("failure".into(), "unknown kid".into());
    }
    let facts = compared(case, found)?;
    check_strict(case, statement, &receipts, &lenient, verify(Requirements::Rfc9943))?;
    Ok(outcome(lenient, facts))
}

fn statement_and_receipt(case: &Case) -> Result<Outcome, Trouble> {
    let (bytes, keys, context) = (case.bytes()?, Keys::of(case)?, context_of(case));
    let statement_bytes = case.sibling(case.fact_str("statement")?)?;
    let decoded = SignedStatement::decode(&statement_bytes, &Profile::LENIENT)
        .and_then(|statement| Ok((statement, decode_receipt(&bytes)?)));
    let (statement, receipt) = match decoded {
        Ok(decoded) => decoded,
        Err(error) => return Ok(refused(&error, Facts::new())),
    };
    let payload = apart(case)?;
    let Some(input) = input(&statement, payload.as_deref()) else { return Ok(detached()) };
    let leaf = leaf_key(&statement);
    let issuers = keys.issuers_or(leaf.as_ref(), &statement)?;
    let issuers = TrustStore::new(&issuers);
    let service_keys = service_keys(&keys.services, &[&bytes], case)?;
    let service = TrustedService { name: "service", issuer: None, keys: &service_keys };
    let include = |requirements| {
        let rules = ReceiptRules { requirements, ..ReceiptRules::DEFAULT };
        let mut entries = StatementEntries::new(&statement, &input)?;
        service.verify_inclusion(&mut entries, &receipt, &rules, &context).map(drop)
    };
    let included = include(Requirements::Lenient);

    let of_statement = decoded::of_statement(&statement);
    let mut found = Object::new();
    found
        .extend(of_statement.get("content_type").map(|it| ("content_type".to_owned(), it.clone())));
    if receipt.message().headers().protected().cwt_claims()?.is_none() {
        found.extend(decoded::of_claims(statement.message().headers().protected()));
    }
    let entry = entry_digest(&statement, receipt.vds(), case)?;
    found.extend(of_receipt(&receipt, entry.as_deref(), &keys)?);
    found.extend(signatures(&statement, input.payload(), &issuers, leaf.as_ref(), &context)?);
    let digest = decoded::sha256(&[&statement_bytes]);
    let is_data_hash = found.get("data_hash").map(|data_hash| *data_hash == *digest);
    found.extend(is_data_hash.map(|is| ("data_hash_is_sha256_of_statement".to_owned(), is.into())));
    found.insert("statement_sha256".into(), digest.into());
    found.insert("stmt".into(), of_statement.into());
    found.insert("receipt_valid".into(), included.is_ok().into());
    // What the test was led by, and has found to lead to a verdict.
    for led_by in ["statement", "entry_rule"] {
        found.extend(case.fact(led_by).map(|it| (led_by.to_owned(), it.clone())));
    }
    found.insert("rfc9943_gaps".into(), unmet(&statement, &[&bytes]).into());
    let facts = compared(case, found)?;

    let verify = |requirements| {
        statement.verify(&input, &issuers, requirements, &context).map(drop)?;
        include(requirements)
    };
    let lenient = verify(Requirements::Lenient);
    check_strict(case, &statement, &[&bytes], &lenient, verify(Requirements::Rfc9943))?;
    Ok(outcome(lenient, facts))
}

/// Where the payload is.
fn input<'p>(
    statement: &SignedStatement<'_>,
    apart: Option<&'p [u8]>,
) -> Option<Input<'p, 'static>> {
    match statement.message().danger_unverified_payload() {
        Some(_) => Some(Input::embedded()),
        None => apart.map(Input::detached),
    }
}

fn detached() -> Outcome {
    Outcome::not_run("the payload is detached, and the case does not say where it is")
}

fn signatures(
    statement: &SignedStatement<'_>,
    payload: Payload<'_>,
    issuers: &TrustStore<'_>,
    leaf: Option<&OwnedKey>,
    context: &Context<'_>,
) -> Result<Object, Trouble> {
    let mut found = Object::new();
    let signed = |keys| decoded::is_statement_signed(statement, payload, keys, context);
    found.insert("statement_signature".into(), signed(issuers).into());
    // The one case with a key in a private header gives that key as its file.
    found.insert("signature_with_header_key".into(), signed(issuers).into());
    if let Some(leaf) = leaf {
        let leaf_key = trusted([leaf])?;
        let signed = signed(&TrustStore::new(&leaf_key));
        found.insert("signature_with_x5chain_leaf".into(), signed.into());
        found.insert("leaf_key_curve".into(), leaf.curve().and_then(Curve::name).into());
    }
    Ok(found)
}

fn entry_digest(
    statement: &SignedStatement<'_>,
    vds: Vds,
    case: &Case,
) -> Result<Option<Vec<u8>>, Trouble> {
    let message = statement.message();
    let Some(payload) = message.danger_unverified_payload() else { return Ok(None) };
    let rule = if vds == Vds::CCF_LEDGER_SHA256 { EntryRule::DEFAULT } else { entry_rule(case)? };
    Ok(Some(hex::decode(decoded::sha256(&rule.entry(message, payload).parts()))?))
}

fn of_receipts(
    statement: &SignedStatement<'_>,
    receipts: &[&[u8]],
    keys: &Keys,
    case: &Case,
) -> Result<Value, Trouble> {
    let of_one = |receipt: &&[u8]| {
        let Ok(receipt) = decode_receipt(receipt) else { return Ok(Value::Null) };
        let entry = entry_digest(statement, receipt.vds(), case)?;
        Ok(of_receipt(&receipt, entry.as_deref(), keys)?.into())
    };
    receipts.iter().map(of_one).collect()
}

/// What a receipt says, and whether a key of the services signed it: one with the `kid` that it names,
/// or one without; no answer where there is none to ask.
fn of_receipt(receipt: &Receipt<'_>, entry: Option<&[u8]>, keys: &Keys) -> Result<Object, Trouble> {
    let named = receipt.message().headers().protected().key_id().ok().flatten();
    let answers =
        |key: &&OwnedKey| key.key_id.is_none() || named.is_none() || key.key_id.as_deref() == named;
    let services = trusted(keys.services.iter().filter(answers))?;
    let services = TrustStore::new(&services);
    let signers: Option<&dyn KeyResolver> =
        if keys.services.iter().any(|key| answers(&key)) { Some(&services) } else { None };
    Ok(decoded::of_receipt(receipt, entry, signers))
}

/// The phrases of the vectors for what a strict reading of RFC 9943 misses.
fn unmet(statement: &SignedStatement<'_>, receipts: &[&[u8]]) -> Vec<&'static str> {
    let mut gaps: Vec<_> =
        statement.unmet_requirements().filter_map(decoded::statement_gap).collect();
    gaps.extend(receipts.iter().flat_map(|bytes| match decode_receipt(bytes) {
        Ok(receipt) => decoded::receipt_gaps(&receipt),
        Err(_) => decoded::gaps_of_no_receipt(bytes),
    }));
    gaps
}

/// Strict requirements refuse exactly where there are gaps, or dates in tag 1, and by such a rule.
fn check_strict(
    case: &Case,
    statement: &SignedStatement<'_>,
    receipts: &[&[u8]],
    lenient: &Result<(), Error>,
    strict: Result<(), Error>,
) -> Result<(), Trouble> {
    let receipts_read = receipts.iter().filter_map(|receipt| decode_receipt(receipt).ok());
    let is_dated = decoded::has_tagged_date(statement.message().headers().protected())
        || receipts_read
            .map(|receipt| *receipt.message().headers().protected())
            .any(|protected| decoded::has_tagged_date(&protected));
    let stated = case.fact("rfc9943_gaps").and_then(Value::as_array);
    let has_gaps = match stated {
        Some(gaps) => !gaps.is_empty(),
        None => !unmet(statement, receipts).is_empty(),
    };
    let agrees = match (lenient, strict.as_ref().map_err(|error| error.kind())) {
        (Err(_), strict) => strict.is_err(),
        (Ok(()), Ok(())) => (!has_gaps && !is_dated) || spoils_nothing(statement, receipts),
        (Ok(()), Err(ErrorKind::Refused(Rule::DatesUntagged))) => is_dated,
        (Ok(()), Err(ErrorKind::Refused(_))) => has_gaps,
        (Ok(()), Err(_)) => false,
    };
    if agrees {
        Ok(())
    } else {
        let gaps = stated.map(|gaps| Value::from(gaps.clone()));
        Err(format!("strict requirements: {strict:?}, gaps {gaps:?}, tagged dates: {is_dated}")
            .into())
    }
}

/// Whether a strict verifier has what it needs although some receipt has gaps: receipts are no set, and
/// one without gaps suffices.
fn spoils_nothing(statement: &SignedStatement<'_>, receipts: &[&[u8]]) -> bool {
    let is_good = |bytes: &&[u8]| {
        let Ok(receipt) = decode_receipt(bytes) else { return false };
        let is_dated = decoded::has_tagged_date(receipt.message().headers().protected());
        !is_dated && decoded::receipt_gaps(&receipt).is_empty()
    };
    statement.unmet_requirements().next().is_none()
        && receipts.len() > 1
        && receipts.iter().any(is_good)
}

/// Records what was found. Where the case states an object or list with parts that are not known
/// here, the known parts are compared and the fact is left to be listed as unknown.
fn compared(case: &Case, found: Object) -> Result<Facts, Trouble> {
    let mut facts = Facts::new();
    for (key, found) in found {
        let Some(stated) = case.fact(&key) else { continue };
        if key == "rfc9943_gaps" && as_set(&found) == as_set(stated) {
            facts.is(key, stated.clone());
            continue;
        }
        let (known, common) = (common_part(stated, &found), common_part(&found, stated));
        if known == *stated {
            facts.is(key, common);
        } else if known != common {
            return Err(format!("fact `{key}`: found {common}, the case states {known}").into());
        }
    }
    Ok(facts)
}

/// `value` with only those members of objects that `other` has too.
fn common_part(value: &Value, other: &Value) -> Value {
    match (value, other) {
        (Value::Object(value), Value::Object(other)) => {
            let common = value.iter().filter_map(|(key, value)| {
                Some((key.clone(), common_part(value, other.get(key)?)))
            });
            Value::Object(common.collect())
        }
        (Value::Array(values), Value::Array(others)) if values.len() == others.len() => {
            values.iter().zip(others).map(|(value, other)| common_part(value, other)).collect()
        }
        _ => value.clone(),
    }
}

fn as_set(list: &Value) -> Vec<String> {
    let mut texts: Vec<_> = list.as_array().into_iter().flatten().map(Value::to_string).collect();
    texts.sort();
    texts
}

fn outcome(verdict: Result<(), Error>, facts: Facts) -> Outcome {
    match verdict {
        Ok(()) => Outcome::Accepted(facts),
        Err(error) => refused(&error, facts),
    }
}

fn refused(error: &Error, facts: Facts) -> Outcome {
    let rule = error.rule().map(|rule| rule.id);
    Outcome::Refused { rule, error: error.to_string(), facts }
}
