//! Example 0 of the SUIT manifest, and manifests of more components in its manner, from fixed keys.

use std::hint::black_box;

use cose_ext::{
    Context, Digest, Profile, Trust, Verified,
    crypto::Algorithm,
    key::{Identity, Thumbprint, TrustStore, TrustedKey},
    rustcrypto::{P256SigningKey, P256VerifyingKey, RustCrypto},
    sign::Signers,
    sign1::Sign1Builder,
};
use suit_manifest::{
    Answer, AuthenticationPolicy, Envelope, Limits, Manifest, Procedure, Processor, Readings,
    Sign1Only, Step, Target,
    author::{Image, ManifestBuilder, images},
};
use suit_validator::{
    SuitError,
    crypto::{CoseCrypto, SuitCrypto},
    handler::SuitStartHandler,
    suit_decode, suit_manifest as theirs,
};

use crate::{null::Null, work::kept};

/// The digest that example 0 states of its image.
const IMAGE: [u8; 32] = *b"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff\
    \x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10";

/// The most components of an update.
pub const MOST: usize = 16;

/// Accepts everything.
struct Accepting;

impl SuitCrypto for Accepting {
    fn verify_cose(&self, block: &[u8], digest: &[u8]) -> Result<(), SuitError> {
        black_box((block, digest));
        Ok(())
    }
}

/// Keeps the sequence number.
struct Number(Option<u64>);

impl SuitStartHandler for Number {
    fn on_envelope<'a>(&mut self, envelope: theirs::SuitEnvelope<'a>) -> Result<(), SuitError> {
        self.0 = Some(envelope.manifest.get()?.sequence_number);
        Ok(())
    }

    fn on_manifest<'a>(&mut self, _: theirs::SuitManifest<'a>) -> Result<(), SuitError> {
        Ok(())
    }
}

/// An envelope, and who takes it.
pub struct Update {
    bytes: Vec<u8>,
    components: usize,
    null: TrustStore<'static>,
    /// What a device has: the thumbprint of its key beside it.
    enrolled: TrustStore<'static>,
    keys: TrustStore<'static>,
    key_set: Vec<u8>,
}

impl Update {
    /// Makes one of so many components; of one it is example 0.
    ///
    /// # Panics
    /// If there are more than [`MOST`].
    pub fn of(components: usize) -> Self {
        assert!(components <= MOST);
        let key = P256SigningKey::from_bytes(&[7; 32]).expect("a scalar");
        let image = |number: u8| Image {
            component: vec![vec![number]],
            vendor_and_class: Some((
                0xfa6b_4a53_d5ad_5fdf_be9d_e663_e4d4_1ffe_u128.to_be_bytes(),
                0x1492_af14_2569_5e48_bf42_9b2d_51f2_ab45_u128.to_be_bytes(),
            )),
            digest: Digest::new(Algorithm::SHA256, &IMAGE).expect("a digest"),
            size: 34768,
            uri: None,
            download: None,
            load: None,
            is_bootable: number == 0,
        };
        let images_of_all: Vec<_> = (0..=u8::MAX).map(image).take(components).collect();
        let context = Context::new(&RustCrypto);
        let builder = images(ManifestBuilder::new(0), &images_of_all);
        let mut envelope = builder.build(Algorithm::SHA256, &context).expect("a manifest");
        envelope.sign(Sign1Builder::new(), &key, &context).expect("a signature");
        let public = kept(key.public_key());
        let parsed = P256VerifyingKey::from_public_key(&public.as_public_key()).expect("a key");
        let identity = Identity::new([1; 32]);
        let thumbprint = Thumbprint::of(&public.as_public_key(), &RustCrypto);
        let thumbprint = thumbprint.expect("a public key");
        Self {
            bytes: envelope.to_bytes(),
            components,
            null: TrustStore::new(kept([TrustedKey::parsed(kept(Null::new(public)), identity)])),
            enrolled: TrustStore::new(kept([TrustedKey::hashed(
                kept(Null::new(public)),
                thumbprint,
            )])),
            keys: TrustStore::new(kept([TrustedKey::parsed(kept(parsed), identity)])),
            key_set: key_set(),
        }
    }

    /// Returns the envelope.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the manifest, which is hashed.
    ///
    /// # Panics
    /// Never: it is an envelope.
    pub fn manifest(&self) -> &[u8] {
        let envelope = Envelope::decode(&self.bytes, &Profile::LENIENT).expect("an envelope");
        envelope.manifest_item().bytes()
    }

    /// Checks the digest and reads the manifest, which nobody vouches for then. Returns the sequence number.
    ///
    /// # Panics
    /// Never: it is right.
    pub fn intact(&self) -> u64 {
        let context = Context::new(&RustCrypto);
        let bytes = black_box(&self.bytes);
        let envelope = Envelope::decode(bytes, &Profile::LENIENT).expect("an envelope");
        let manifest = envelope.danger_unauthenticated_manifest(&context).expect("a manifest");
        manifest.sequence_number()
    }

    /// Verifies the envelope. Returns the sequence number.
    ///
    /// # Panics
    /// Never: it is right.
    pub fn verified(&self, keys: &TrustStore<'_>) -> u64 {
        let context = Context::new(&RustCrypto);
        let bytes = black_box(&self.bytes);
        let envelope = Envelope::decode(bytes, &Profile::LENIENT).expect("an envelope");
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let manifest = envelope.verify(&Trust::keys(keys), &policy, &context).expect("a manifest");
        manifest.value().sequence_number()
    }

    /// Returns keys whose signatures are all good.
    pub const fn null(&self) -> &TrustStore<'static> {
        &self.null
    }

    /// Returns the key that signed it.
    pub const fn keys(&self) -> &TrustStore<'static> {
        &self.keys
    }

    /// Verifies as a device does that takes one kind of block and keeps the thumbprint of its key, with signatures that
    /// cost nothing, and runs the invoke procedure with everything right. Returns how many steps there were.
    ///
    /// # Panics
    /// Never: it is right.
    pub fn invoked(&self) -> usize {
        let context = Context::new(&RustCrypto);
        let bytes = black_box(&self.bytes);
        let envelope = Envelope::decode(bytes, &Profile::LENIENT).expect("an envelope");
        let policy = AuthenticationPolicy::ANY_BLOCK;
        let run = |manifest: &Verified<Manifest<'_>, &Signers>| match self.components {
            1 => invoke::<4>(&envelope, manifest, 1, &context),
            components => invoke::<MOST>(&envelope, manifest, components, &context),
        };
        let trust = Sign1Only::new(&self.enrolled);
        envelope.verify_then(&trust, &policy, &context, run).expect("a manifest")
    }

    /// Checks the digest and reads the manifest by suit_validator, whose caller accepts every signature. Returns the
    /// sequence number.
    ///
    /// # Panics
    /// Never: it is right.
    pub fn suit_validator(&self) -> u64 {
        let mut number = Number(None);
        suit_decode(black_box(&self.bytes), &mut number, &mut Accepting).expect("an envelope");
        number.0.expect("a manifest")
    }

    /// Verifies it by suit_validator and its own cryptography. Returns the sequence number.
    ///
    /// # Panics
    /// Never: it is right.
    pub fn suit_validator_verified(&self) -> u64 {
        let mut number = Number(None);
        let mut crypto = CoseCrypto::new(&self.key_set);
        suit_decode(black_box(&self.bytes), &mut number, &mut crypto).expect("an envelope");
        number.0.expect("a manifest")
    }
}

fn invoke<const COMPONENTS: usize>(
    envelope: &Envelope<'_>,
    manifest: &Verified<Manifest<'_>, &Signers>,
    components: usize,
    context: &Context<'_>,
) -> usize {
    let (limits, readings) = (Limits::DEFAULT, Readings::default());
    let target = Target { components, stored: None, limits, readings };
    // Used where it was made: it is large.
    let mut made = Processor::<COMPONENTS, 4>::new(
        envelope,
        manifest,
        Procedure::Invoke,
        &target,
        &mut [],
        context,
    );
    let processor = made.as_mut().expect("a procedure");
    let mut steps = 0;
    loop {
        let answer = match processor.step(context).expect("a step") {
            Step::Ended(ended) => {
                assert!(ended.is_ok(), "success");
                return steps;
            }
            Step::DigestImage { .. } => Answer::Image { digest: &IMAGE, size: 34768 },
            Step::Invoke { .. } => Answer::Done,
            _ => Answer::Held(true),
        };
        processor.answer(answer).expect("an answer");
        steps += 1;
    }
}

/// The key as suit_validator takes it: a COSE_KeySet with the algorithm.
fn key_set() -> Vec<u8> {
    let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a scalar");
    let point = key.verifying_key().to_sec1_point(false);
    let point = point.as_bytes();
    let mut buffer = [0; 96];
    let mut writer = cose_ext::cbor::Writer::new(&mut buffer);
    writer.array(1).map(5).int(1).int(2).int(3).int(-7).int(-1).int(1);
    writer.int(-2).bytes(&point[1..33]).int(-3).bytes(&point[33..65]);
    writer.finish().expect("room").to_vec()
}
