//! What a manifest will do, in plain language.

#[path = "support/made.rs"]
mod made;

use made::{author, context};
use suit_manifest::{
    AuthenticationPolicy, Envelope, Section,
    author::{ManifestBuilder, SlottedImage, explanation, slotted},
    cose_ext::{
        Digest, Trust,
        crypto::Algorithm,
        key::{TrustStore, TrustedKey},
        sign1::Sign1Builder,
    },
};

#[test]
fn an_image_for_two_slots_is_explained() {
    let context = context();
    let hash = context.hash(Algorithm::SHA256, &[b"image"]).unwrap();
    let image = SlottedImage {
        slots: [vec![b"a".to_vec()], vec![vec![0, 1]]],
        vendor_and_class: Some(([1; 16], [2; 16])),
        digest: Digest::new(Algorithm::SHA256, hash.as_ref()).unwrap(),
        size: 5,
        uri: "https://maker.example/\"image\"",
    };
    let manifest = slotted(ManifestBuilder::new(7), &image).severed(Section::Install);
    let mut builder = manifest.build(Algorithm::SHA256, &context).unwrap();
    builder.sign(Sign1Builder::new(), &author(), &context).unwrap();
    let explained = |bytes: &[u8]| {
        let key = author().public_key();
        let keys = [TrustedKey::new(&key, &context).unwrap()];
        let keys = TrustStore::new(&keys);
        let envelope = Envelope::decode(bytes, &context.profile).unwrap();
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let manifest = envelope.verify(&Trust::keys(&keys), &policy, &context).unwrap();
        explanation(&envelope, &manifest.by_ref(), &context).unwrap()
    };
    let whole = explained(&builder.to_bytes());
    for sentence in [
        "Manifest number 7.\n",
        "Component 0 is \"a\".\n",
        "Component 1 is \"0001\".\n",
        "To install:\n  for component 0:\n  do the first of these that works:\n    either:\n",
        "the payload is at \"https://maker.example/\\\"image\\\"\".\n",
        "fetch the payload.\n",
        "the image has 5 bytes.\n",
        "start it.\n",
    ] {
        assert!(whole.contains(sentence), "{sentence} in {whole}");
    }
    let severed = explained(&builder.without_severed().to_bytes());
    assert!(severed.contains("To install: this part was cut off and is not here.\n"), "{severed}");
}
