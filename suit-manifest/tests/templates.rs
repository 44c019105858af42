//! Manifests by templates, run on a device in memory.

#[path = "support/device.rs"]
mod device;
#[path = "support/procedures.rs"]
mod procedures;

use device::Device;
use procedures::{Ended, key, run_envelope};
use suit_manifest::{
    Limits, Procedure, Section,
    author::{
        Config, DependencyManifest, EnvelopeBuilder, Image, ManifestBuilder, SlottedImage,
        dependent, image_with_config, single_image, slotted,
    },
    cose_ext::{Context, Digest, crypto::Algorithm, rustcrypto::RustCrypto, sign1::Sign1Builder},
};

const URI: &str = "https://maker.example/image";
const IMAGE: &[u8] = b"the new firmware";

fn hash(bytes: &[u8]) -> Vec<u8> {
    Context::new(&RustCrypto).hash(Algorithm::SHA256, &[bytes]).unwrap().as_ref().to_vec()
}

fn signed(builder: ManifestBuilder) -> EnvelopeBuilder {
    let context = Context::new(&RustCrypto);
    let mut envelope = builder.build(Algorithm::SHA256, &context).unwrap();
    envelope.sign(Sign1Builder::new(), &key(), &context).unwrap();
    envelope
}

fn image<'a>(component: &[u8], digest: &'a [u8]) -> Image<'a> {
    Image {
        component: vec![component.to_vec()],
        vendor_and_class: Some(([1; 16], [2; 16])),
        digest: Digest::new(Algorithm::SHA256, digest).unwrap(),
        size: IMAGE.len() as u64,
        uri: Some(URI),
        download: None,
        load: None,
        is_bootable: true,
    }
}

fn device(components: u8) -> Device {
    let mut device = Device::with_components(0..components);
    device.network.insert(URI.into(), IMAGE.to_vec());
    device
}

fn run(bytes: &[u8], procedure: Procedure, device: &mut Device) -> Result<(), Ended> {
    device.effects.clear();
    run_envelope(bytes, procedure, device, Limits::DEFAULT, 4096)
}

#[test]
fn a_single_image_is_fetched_compared_and_started() {
    let hash = hash(IMAGE);
    let bytes = signed(single_image(ManifestBuilder::new(3), &image(&[0], &hash))).to_bytes();
    let mut device = device(1);
    run(&bytes, Procedure::Update, &mut device).unwrap();
    let checked = ["check-vendor 00", "check-class 00"];
    let installs = ["fetch 00", "check-image 00"];
    let validates = ["check-image 00"];
    let committed = ["commit-sequence 3"];
    let update = [&checked[..], &installs, &checked, &validates, &committed].concat();
    assert_eq!(device.log(), update);
    run(&bytes, Procedure::Invoke, &mut device).unwrap();
    assert_eq!(device.log().last().map(String::as_str), Some("invoke 00"));
    // Another image on the network is not installed for good.
    let mut tampered = self::device(1);
    tampered.network.insert(URI.into(), b"another firmware".to_vec());
    assert_eq!(run(&bytes, Procedure::Update, &mut tampered).unwrap_err().rule(), "P18");
    assert_eq!(tampered.number, None);
}

/// The slot that is to be written gets the image, and the one that holds it is started; the other one is
/// left alone.
#[test]
fn one_of_two_slots_is_written_and_started() {
    let hash = hash(IMAGE);
    let image = SlottedImage {
        slots: [vec![vec![0]], vec![vec![1]]],
        vendor_and_class: Some(([1; 16], [2; 16])),
        digest: Digest::new(Algorithm::SHA256, &hash).unwrap(),
        size: IMAGE.len() as u64,
        uri: URI,
    };
    let bytes = signed(slotted(ManifestBuilder::new(3), &image)).to_bytes();
    for (written, other) in [("00", "01"), ("01", "00")] {
        let mut device = device(2).holding(other, b"the old firmware");
        let slot = u64::from(written == "01");
        device.components.values_mut().for_each(|component| component.slot = Some(slot));
        run(&bytes, Procedure::Update, &mut device).unwrap();
        assert!(device.log().contains(&format!("fetch {written}")));
        assert_eq!(device.components[written].content.as_deref(), Some(IMAGE));
        let kept = device.components[other].content.as_deref();
        assert_eq!(kept, Some(&b"the old firmware"[..]));
        run(&bytes, Procedure::Invoke, &mut device).unwrap();
        assert_eq!(device.log().last(), Some(&format!("invoke {written}")));
    }
}

#[test]
fn an_image_never_starts_with_the_configuration_of_another() {
    let hash = hash(IMAGE);
    let config = Config { component: vec![vec![1]], content: b"speed = 9600" };
    let builder = image_with_config(ManifestBuilder::new(3), &image(&[0], &hash), &config);
    let bytes = signed(builder).to_bytes();
    let mut device = device(2);
    run(&bytes, Procedure::Update, &mut device).unwrap();
    let checked = ["check-vendor 00", "check-class 00"];
    let installs = ["fetch 00", "check-image 00", "write 01"];
    let validates = ["check-image 00", "check-content 01"];
    let committed = ["commit-sequence 3"];
    assert_eq!(device.log(), [&checked[..], &installs, &checked, &validates, &committed].concat());
    run(&bytes, Procedure::Invoke, &mut device).unwrap();
    device.components.get_mut("01").unwrap().content = Some(b"speed = 1200".to_vec());
    assert_eq!(run(&bytes, Procedure::Invoke, &mut device).unwrap_err().rule(), "P18");
    assert!(!device.log().contains(&"invoke 00".to_owned()));
}

#[test]
fn a_dependent_fetches_checks_and_processes_its_dependencies() {
    let hash = hash(IMAGE);
    // The image's manifest calls its component 09; under the prefix 01 it is 01/09.
    let inner = signed(single_image(ManifestBuilder::new(3), &image(&[9], &hash)));
    let digest = suit_digest(&inner);
    let dependency = DependencyManifest {
        component: vec![vec![0]],
        prefix: Some(vec![vec![1]]),
        digest: Digest::new(Algorithm::SHA256, &digest).unwrap(),
        uri: "#inner",
        sections: &[Section::Install, Section::Validate, Section::Invoke],
    };
    let outer = signed(dependent(ManifestBuilder::new(4), &[dependency]));
    let bytes = outer.integrate("#inner", &inner.to_bytes()).to_bytes();
    let mut device = device(1);
    device.components.insert("01/09".into(), device::Component::default());
    run(&bytes, Procedure::Update, &mut device).unwrap();
    assert_eq!(
        device.log(),
        [
            "fetch 00",
            "check-dependency 00",
            "check-vendor 01/09",
            "check-class 01/09",
            "fetch 01/09",
            "check-image 01/09",
            "check-dependency 00",
            "check-vendor 01/09",
            "check-class 01/09",
            "check-image 01/09",
            "commit-sequence 4"
        ]
    );
    run(&bytes, Procedure::Invoke, &mut device).unwrap();
    assert_eq!(device.log().last().map(String::as_str), Some("invoke 01/09"));
}

/// The value of the digest that an envelope states.
fn suit_digest(envelope: &EnvelopeBuilder) -> Vec<u8> {
    // An array of two, -16, and 32 bytes.
    envelope.digest()[4..].to_vec()
}
