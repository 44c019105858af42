//! What stands in an envelope, in the words of the cases.

use cose_ext::{
    Authenticated, Input, Processed, Profile, Sign1, Trust,
    cbor::{Array, Item, Map, Raw, Reader, Type},
    crypto::Algorithm,
    header::Protected,
    key::TrustStore,
    rustcrypto::Sha256,
    sign::SignPolicy,
};
use merkle_proof::{
    Rfc9162Tree, TreeHash, UnauthenticatedPosition,
    cose::{CoseTree, Receipt},
    root_from_inclusion,
};
use scitt_core::{ReceiptRules, SignedStatement, StatementEntries, merkle_proof};
use serde_json::{Map as Object, Value, json};
use suit_manifest::{Block, CommandKind, CommandSequence, Directive, Envelope, label::parameter};
use testkit::vectors::{Facts, Trouble};
use transparent_suit::{
    ClassUrn, Device, Error, cose_ext, profile::ENTRY_RULE, scitt_core, suit_manifest,
};

use crate::{context, update, world::World};

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    context().hash(Algorithm::SHA256, parts).unwrap().as_ref().to_vec()
}

pub(crate) fn of_bytes(bytes: &[u8]) -> Facts {
    let mut facts = Facts::new();
    facts.is_hex("sha256", sha256(&[bytes])).is("length", bytes.len());
    facts
}

pub(crate) fn of_manifest(envelope: &Envelope<'_>) -> Result<Facts, Trouble> {
    let manifest = envelope.danger_unverified_manifest(&Profile::LENIENT)?;
    let digest = sha256(&[envelope.manifest_item().bytes()]);
    let stated = envelope.authentication();
    let mut facts = Facts::new();
    facts.is(
        "manifest",
        json!({
            "class_id": class_of(manifest.common().shared_sequence(&Profile::LENIENT)?),
            "digest": hex::encode(&digest),
            "suit_digest_hex": hex::encode(stated.signed_bytes()),
            "digest_matches": stated.digest().value() == digest,
            "sequence_number": manifest.sequence_number(),
        }),
    );
    Ok(facts)
}

/// The first class identifier that the shared sequence sets.
fn class_of(shared: Option<Raw<'_>>) -> Option<String> {
    let sequence = CommandSequence::new(&shared?).ok()?;
    sequence.iter().flatten().find_map(|command| {
        let set = Some(CommandKind::Directive(Directive::OverrideParameters));
        let parameters = Map::new(&command.argument()).ok().filter(|_| command.kind() == set)?;
        let class = parameters.find(parameter::CLASS_IDENTIFIER)?.read(Reader::bytes).ok()?;
        let urn = ClassUrn::new(class.try_into().ok()?);
        Some(urn.as_str().trim_start_matches("urn:uuid:").to_owned())
    })
}

/// What was found of all blocks, and how many services count.
pub(crate) struct Judged {
    pub(crate) facts: Facts,
    pub(crate) counted: usize,
}

pub(crate) fn of_blocks(
    envelope: &Envelope<'_>,
    device: &Device<'_>,
    world: &World,
) -> Result<Judged, Trouble> {
    let mut blocks = Vec::new();
    // The firmware block that comes furthest, or the first block where there is none.
    let mut judged: Option<OneBlock> = None;
    for block in envelope.authentication().blocks() {
        let one = OneBlock::of(envelope, &block, device, world)?;
        blocks.push(Value::from(one.facts.clone()));
        if judged.as_ref().is_none_or(|so_far| one.rank > so_far.rank) {
            judged = Some(one);
        }
    }
    let mut facts = Facts::new();
    facts.is("blocks", blocks);
    let counted = judged.as_ref().map_or(0, |one| one.counted);
    if let Some(one) = judged {
        facts.is("issuer_signature", one.rank.is_some());
        if let Some(entry) = one.entry {
            facts.is_hex("entry_sha256", sha256(&[&entry])).is("entry_length", entry.len());
        }
    }
    Ok(Judged { facts, counted })
}

struct OneBlock {
    facts: Object<String, Value>,
    entry: Option<Vec<u8>>,
    counted: usize,
    rank: Option<u8>,
}

impl OneBlock {
    fn of<'a>(
        envelope: &Envelope<'a>,
        block: &Block<'a>,
        device: &Device<'_>,
        world: &World,
    ) -> Result<Self, Trouble> {
        let payload = envelope.authentication().signed_bytes();
        let mut facts = Object::new();
        let signers = signers(block, payload, world)?;
        let message = Sign1::decode(block.bytes(), &Profile::LENIENT).ok();
        let protected = message.as_ref().map(|message| of_protected(message.headers().protected()));
        let is_firmware = signers.iter().any(|name| world.is_firmware(name));
        facts.insert("protected".into(), protected.unwrap_or_else(|| json!({})));
        facts.insert("signers".into(), signers.into());
        let (mut receipts, mut counted) = (Vec::new(), Vec::new());
        let mut entry = None;
        if let Some(message) = message {
            let bytes = ENTRY_RULE.entry(&message, payload).parts().concat();
            facts.insert("entry_sha256".into(), hex::encode(sha256(&[&bytes])).into());
            let tree = CoseTree::<Rfc9162Tree>::new(&Sha256).ok_or("no tree")?;
            let leaf = tree.leaf(&[&bytes]);
            facts.insert("leaf_hash".into(), hex::encode(leaf).into());
            entry = Some(bytes);
            let listed = message.headers().unprotected().receipts().ok().flatten();
            for (_, receipt) in listed.iter().flat_map(|listed| listed.iter()) {
                receipts.push(of_receipt(receipt, block, payload, &leaf, device, &mut counted)?);
            }
        }
        counted.sort();
        counted.dedup();
        facts.insert("receipts".into(), receipts.into());
        facts.insert("counted".into(), counted.len().into());
        let step = step_of(envelope, block, device, world);
        facts.insert("step".into(), step.into());
        // How far it comes, among the blocks by firmware keys.
        let rank = is_firmware.then_some(step.unwrap_or(u8::MAX));
        Ok(Self { facts, entry, counted: counted.len(), rank })
    }
}

/// The step in which the device refuses an envelope with this block alone.
fn step_of(
    envelope: &Envelope<'_>,
    block: &Block<'_>,
    device: &Device<'_>,
    world: &World,
) -> Option<u8> {
    let string =
        |bytes: &[u8]| [cose_ext::cbor::Head::bytes(bytes.len()).as_bytes(), bytes].concat();
    let digest = string(envelope.authentication().signed_bytes());
    let wrapper = [&[0x82][..], &digest, &string(block.bytes())].concat();
    let manifest = envelope.manifest_item().bytes();
    let bytes = [&[0xd8, 107, 0xa2, 2][..], &string(&wrapper), &[3], manifest].concat();
    let alone = Envelope::decode(&bytes, &Profile::LENIENT).ok()?;
    update(&alone, device, world).err().as_ref().and_then(Error::step).map(|step| step.number())
}

/// The names of the keys that verify the block.
fn signers(block: &Block<'_>, payload: &[u8], world: &World) -> Result<Vec<String>, Trouble> {
    let Ok(message) = Authenticated::decode_tagged(block.bytes(), &Profile::LENIENT) else {
        return Ok(Vec::new());
    };
    let mut critical = Vec::new();
    if let Authenticated::Sign1(message) = &message {
        let crit = message.headers().protected().crit().ok().flatten();
        critical.extend(crit.into_iter().flat_map(|crit| crit.labels()));
    }
    let input = Input::detached(payload).with_processed(Processed::new(&critical));
    let mut names = Vec::new();
    for key in &world.everybody {
        let keys = [key.trusted()?];
        let keys = TrustStore::new(&keys);
        let verified =
            message.verify(&input, &Trust::keys(&keys), &SignPolicy::AtLeast(1), &context());
        if verified.is_ok() {
            names.push(key.name.clone());
        }
    }
    Ok(names)
}

fn of_receipt<'a>(
    bytes: &'a [u8],
    block: &Block<'a>,
    payload: &'a [u8],
    leaf: &[u8; 32],
    device: &Device<'_>,
    counted: &mut Vec<String>,
) -> Result<Value, Trouble> {
    let mut facts = Object::new();
    facts.insert("sha256".into(), hex::encode(sha256(&[bytes])).into());
    let Ok(receipt) = Receipt::decode(bytes, &Profile::LENIENT) else {
        facts.insert("counts_for".into(), Value::Null);
        return Ok(facts.into());
    };
    let statement = SignedStatement::decode(block.bytes(), &Profile::LENIENT)?;
    let mut entries = StatementEntries::new(&statement, &Input::detached(payload))?;
    let service = device.services.iter().find(|service| {
        service.verify_inclusion(&mut entries, &receipt, &ReceiptRules::DEFAULT, &context()).is_ok()
    });
    counted.extend(service.map(|service| service.name.to_owned()));
    facts.insert("counts_for".into(), service.map(|service| service.name).into());
    facts.insert("alg".into(), receipt.message().algorithm().ok().map(Algorithm::value).into());
    facts.insert("vds".into(), receipt.vds().value().to_i64().into());
    let claims = receipt.message().headers().protected().cwt_claims().ok().flatten();
    let issuer = claims.and_then(|claims| claims.issuer().ok().flatten());
    facts.insert("iss".into(), issuer.into());
    let tree = CoseTree::<Rfc9162Tree>::new(&Sha256).ok_or("no tree")?;
    if let Some((position, path)) = inclusion_proof(&receipt) {
        facts.insert("tree_size".into(), position.tree_size.into());
        facts.insert("leaf_index".into(), position.leaf_index.into());
        facts.insert("path_length".into(), path.len().into());
        let root = root_from_inclusion(&tree, leaf, position, &path).ok();
        facts.insert("root".into(), root.map(|root| hex::encode(root.unconfirmed())).into());
    }
    Ok(facts.into())
}

/// The first inclusion proof in the form of RFC 9162, whatever data structure the receipt names.
fn inclusion_proof<'a>(receipt: &Receipt<'a>) -> Option<(UnauthenticatedPosition, Vec<&'a [u8]>)> {
    let proofs = receipt.message().headers().vdp().ok()??.proofs((-1).into()).ok()??;
    let proof = Profile::LENIENT.embedded(&proofs.iter().next()?).ok()?;
    let [size, index, path] = Array::new(&proof).ok()?.exactly().ok()?;
    let path = Array::new(&path).ok()?;
    let path = path.iter().map(|hash| hash.read(Reader::bytes)).collect::<Result<_, _>>().ok()?;
    let tree_size = size.read(Reader::uint).ok()?;
    let position =
        UnauthenticatedPosition { tree_size, leaf_index: index.read(Reader::uint).ok()? };
    Some((position, path))
}

/// A protected header as the cases write it.
fn of_protected(protected: &Protected<'_>) -> Value {
    let entries = protected.iter().map(|(label, value)| (label.to_string(), of_item(&value)));
    Value::Object(entries.map(|(key, value)| (key.trim_matches('"').to_owned(), value)).collect())
}

fn of_item(item: &Raw<'_>) -> Value {
    match item.data_type() {
        Type::Map => {
            let Ok(map) = Map::new(item) else { return Value::Null };
            let key = |key: &Raw<'_>| match of_item(key) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            Value::Object(map.iter().map(|(name, value)| (key(&name), of_item(&value))).collect())
        }
        Type::Array => Array::new(item)
            .map_or(Value::Null, |array| array.iter().map(|element| of_item(&element)).collect()),
        _ => item
            .read(|reader| {
                Ok(match reader.item()? {
                    Item::Int(number) => number.to_i64().map_or(Value::Null, Value::from),
                    Item::Text(text) => text.into(),
                    Item::Bytes(bytes) => format!("h'{}'", hex::encode(bytes)).into(),
                    other => format!("{other:?}").into(),
                })
            })
            .unwrap_or(Value::Null),
    }
}
