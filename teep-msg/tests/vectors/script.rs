//! What scripts hold, read for the walk.

use cose_ext::{
    Authenticated, Profile,
    cbor::{Array, Map as CborMap, Reader},
};
use serde_json::Value;
use teep_msg::{Draft, InstallPermit, Message, Numbering, SigningKey, Suite, TamSession};
use testkit::vectors::Trouble;

/// A permit for one more Update to an Agent that was attested in this session.
pub(crate) fn again(session: &TamSession) -> Option<InstallPermit> {
    session.agent().map(|_| InstallPermit::danger_override())
}

pub(crate) fn suite(suite: &Value) -> Option<Suite> {
    let algorithm = suite[0][1].as_i64().map(cose_ext::crypto::Algorithm::new)?;
    Suite::from_algorithm(algorithm)
}

pub(crate) fn signing_key(suite: Suite) -> SigningKey {
    SigningKey { suite, thumbprint: Some([suite.algorithm().value() as u8; 32]) }
}

/// The message with signatures that nobody will look at: the script goes on with its file.
pub(crate) fn finished(draft: Draft<'_>) -> Result<Vec<u8>, Trouble> {
    let count = draft.algorithms().count();
    let signatures = vec![&[0x5a; 64][..]; count];
    Ok(draft.attach(&signatures)?.to_vec())
}

pub(crate) fn manifests_of(
    file: &[u8],
    numbering: Numbering,
) -> Result<Vec<([u8; 32], u64)>, Trouble> {
    let signed = Authenticated::decode_tagged(file, &Profile::LENIENT)?;
    let payload = signed.danger_unverified_payload().ok_or("no payload")?;
    let message = Message::decode(payload, numbering, &Profile::LENIENT)?;
    let manifests = message.options().manifest_list();
    manifests.iter().flat_map(|list| list.iter()).map(manifest_of).collect()
}

/// The digest and the sequence number of an envelope's manifest, as it claims.
pub(crate) fn manifest_of(envelope: &[u8]) -> Result<([u8; 32], u64), Trouble> {
    let profile = Profile::LENIENT;
    let envelope = CborMap::new(&profile.item(envelope, 0)?)?;
    let wrapper = profile.embedded(&envelope.find(2).ok_or("no wrapper")?)?;
    let digest = Array::new(&wrapper)?.iter().next().ok_or("no digest")?;
    let [_, digest] = Array::new(&profile.embedded(&digest)?)?.exactly()?;
    let manifest = CborMap::new(&profile.embedded(&envelope.find(3).ok_or("no manifest")?)?)?;
    let number = manifest.find(2).ok_or("no number")?.read(Reader::uint)?;
    Ok((digest.read(Reader::bytes)?.try_into()?, number))
}
