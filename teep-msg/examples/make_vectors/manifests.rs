//! Manifests, and reports about them.

use cose_ext::{
    Context, Digest, cbor::Writer, crypto::Algorithm, rustcrypto::RustCrypto, sign1::Sign1Builder,
};
use suit_manifest::{
    Section,
    author::{ManifestBuilder, ParameterSet, RECORD_ALL, Sequence},
    label::{condition, directive},
};
use teep_msg::suit::manifest_sha256;

use crate::parties::SIGNER;

const IMAGE: &[u8] = b"a trusted component";

/// An envelope that installs its image as the component `app`.
pub(crate) fn envelope(number: u64) -> Vec<u8> {
    let context = Context::new(&RustCrypto);
    let digest = context.hash(Algorithm::SHA256, &[IMAGE]).unwrap();
    let parameters = ParameterSet::new()
        .image_digest(&Digest::new(Algorithm::SHA256, digest.as_ref()).unwrap())
        .image_size(IMAGE.len() as u64)
        .uri("#app");
    let install = Sequence::new()
        .command(directive::FETCH, RECORD_ALL)
        .command(condition::IMAGE_MATCH, RECORD_ALL);
    let manifest = ManifestBuilder::new(number)
        .component(&[b"app"])
        .shared(Sequence::new().override_parameters(&parameters))
        .section(Section::Install, install)
        .section(Section::Validate, Sequence::new().command(condition::IMAGE_MATCH, RECORD_ALL));
    let envelope = manifest.build(Algorithm::SHA256, &context).unwrap();
    let mut envelope = envelope.integrate("#app", IMAGE);
    envelope.sign(Sign1Builder::new(), &*SIGNER.signer(Algorithm::ESP256), &context).unwrap();
    envelope.to_untagged_bytes()
}

/// A report that the manifest of `envelope` was processed.
pub(crate) fn report(nonce: &[u8], envelope: &[u8]) -> Vec<u8> {
    let digest = manifest_sha256(envelope, &Context::new(&RustCrypto)).unwrap();
    let mut out = [0; 256];
    let mut writer = Writer::new(&mut out);
    writer.map(4).int(2).bytes(nonce).int(3).array(0).int(4).bool(true);
    writer.int(99).array(2).text("https://tc.example/app").array(2).int(-16).bytes(&digest);
    writer.finish().unwrap().to_vec()
}
