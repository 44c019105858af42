//! Two manifest processors in one device: a normal world that downloads, and a secure world that trusts nobody but
//! its own author (SUIT trust domains 5.4.1).
//!
//! The operator's manifest fetches the manifest of a trusted application, and says where its image is to be had. What
//! stands under the prefix `tee` is handed over: the secure world verifies the application's manifest with its own keys,
//! and runs its sections when it is asked to. It prints what each world is asked for, and exits with 0 if a good
//! application was installed and one of a stranger was not.
//!
//! `cargo run -p suit-manifest --features hierarchy --example two_processors`

use std::collections::BTreeMap;

use suit_manifest::{
    AuthenticationPolicy, Authority, ComponentName, Delegated, Envelope, Fetch, ImageDigest,
    Limits, Platform, Procedure, Processor, Readings, RunError, Section, Target,
    author::{
        EnvelopeBuilder, ManifestBuilder, ParameterSet, RECORD_ALL, RECORD_FAILURE, Sequence,
    },
    cose_ext::{
        Context, Digest, Trust,
        crypto::{Algorithm, Ec2PublicKey},
        key::{TrustStore, TrustedKey},
        rustcrypto::{P256SigningKey, RustCrypto},
        sign1::Sign1Builder,
    },
    label::{condition, directive},
    run,
};

type Failure = Box<dyn std::error::Error>;

const URI: &str = "https://maker.example/wallet";
const IMAGE: &[u8] = b"a wallet that runs in the secure world";
/// What the secure world declares to the normal one.
const SECURE: &[&[&[u8]]] = &[&[b"tee"]];
const POLICY: AuthenticationPolicy<'_> = AuthenticationPolicy::ANY_BLOCK;

fn main() -> Result<(), Failure> {
    let operator = P256SigningKey::from_bytes(&[1; 32])?;
    let maker = P256SigningKey::from_bytes(&[2; 32])?;
    let stranger = P256SigningKey::from_bytes(&[3; 32])?;
    for (signer, name, is_taken) in [(&maker, "maker", true), (&stranger, "stranger", false)] {
        println!("an application of the {name}:");
        let mut device = NormalWorld {
            envelopes: BTreeMap::new(),
            secure: SecureWorld {
                maker: maker.public_key(),
                envelope: None,
                parameters: Vec::new(),
                image: None,
            },
        };
        let envelope = operators(&application(signer)?, &operator)?;
        let ended = device.update(&envelope, &operator.public_key());
        println!("  {}", if ended.is_ok() { "installed" } else { "refused" });
        let installed = device.secure.image.as_deref() == Some(IMAGE);
        if (ended.is_ok(), installed) != (is_taken, is_taken) {
            return Err("that is not what should have come out".into());
        }
    }
    Ok(())
}

fn signed(
    manifest: ManifestBuilder,
    key: &P256SigningKey,
) -> Result<EnvelopeBuilder, suit_manifest::Error> {
    let context = Context::new(&RustCrypto);
    let mut envelope = manifest.build(Algorithm::SHA256, &context)?;
    envelope.sign(Sign1Builder::new(), key, &context)?;
    Ok(envelope)
}

/// The application's manifest: its image is fetched from wherever somebody says, and has this digest.
fn application(maker: &P256SigningKey) -> Result<EnvelopeBuilder, Failure> {
    let context = Context::new(&RustCrypto);
    let hash = context.hash(Algorithm::SHA256, &[IMAGE])?;
    let digest = Digest::new(Algorithm::SHA256, hash.as_ref())?;
    let expected = ParameterSet::new().image_digest(&digest).image_size(IMAGE.len() as u64);
    let manifest = ManifestBuilder::new(7)
        .component(&[b"wallet"])
        .shared(Sequence::new().override_parameters(&expected))
        .section(
            Section::Install,
            Sequence::new()
                .command(directive::FETCH, RECORD_FAILURE)
                .command(condition::IMAGE_MATCH, RECORD_ALL),
        );
    Ok(signed(manifest, maker)?)
}

/// The operator's manifest, which brings that of the application along.
fn operators(application: &EnvelopeBuilder, operator: &P256SigningKey) -> Result<Vec<u8>, Failure> {
    // A SUIT_Digest of SHA-256: an array of two, -16, and 32 bytes behind their head.
    let digest = Digest::new(Algorithm::SHA256, &application.digest()[4..])?;
    let manifest = ManifestBuilder::new(1)
        .component(&[b"manifests".as_slice(), b"wallet"])
        .component(&[b"tee".as_slice(), b"wallet"])
        .dependency_under(0, &[b"tee"])
        .section(
            Section::DependencyResolution,
            Sequence::new()
                .set_component_index(0)
                .override_parameters(&ParameterSet::new().image_digest(&digest).uri("#wallet"))
                .command(directive::FETCH, RECORD_FAILURE)
                .command(condition::DEPENDENCY_INTEGRITY, RECORD_ALL),
        )
        .section(
            Section::Install,
            Sequence::new()
                .set_component_index(1)
                .set_parameters(&ParameterSet::new().uri(URI))
                .set_component_index(0)
                .command(directive::PROCESS_DEPENDENCY, RECORD_FAILURE),
        );
    let envelope = signed(manifest, operator)?;
    Ok(envelope.integrate("#wallet", &application.to_bytes()).to_bytes())
}

/// The world that downloads: it keeps envelopes, and passes on what is under `tee`.
struct NormalWorld {
    envelopes: BTreeMap<String, Vec<u8>>,
    secure: SecureWorld,
}

impl NormalWorld {
    fn update(&mut self, envelope: &[u8], operator: &Ec2PublicKey<32>) -> Result<(), Failure> {
        let context = Context::new(&RustCrypto);
        let keys = [TrustedKey::new(operator, &context)?];
        let keys = TrustStore::new(&keys);
        let trust = Trust::keys(&keys);
        let envelope = Envelope::decode(envelope, &context.profile)?;
        let manifest = envelope.verify(&trust, &POLICY, &context)?;
        let procedure = Procedure::Update;
        let processor =
            Processor::<2, 4>::new(&envelope, &manifest, procedure, &target(), &mut [], &context)?;
        let mut processor = processor.with_second_processor(SECURE);
        let authority = Authority { trust: &trust, policy: &POLICY };
        Ok(run(&mut processor, self, &authority, &context).map_err(told)?)
    }
}

fn target() -> Target<'static> {
    Target { components: 2, stored: None, limits: Limits::DEFAULT, readings: Readings::default() }
}

fn told(error: RunError<&'static str>) -> String {
    println!("  {error}");
    error.to_string()
}

impl Platform for NormalWorld {
    type Error = &'static str;

    fn has_component(&mut self, _: &ComponentName<'_>) -> Result<bool, &'static str> {
        Ok(true)
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, &'static str> {
        Ok(false)
    }

    fn is_class(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, &'static str> {
        Ok(false)
    }

    fn read(
        &mut self,
        component: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, &'static str> {
        let Some(held) = self.envelopes.get(&component.to_string()) else { return Ok(None) };
        let rest = held.get(offset..).unwrap_or_default();
        let len = rest.len().min(out.len());
        out[..len].copy_from_slice(&rest[..len]);
        Ok(Some(len))
    }

    fn digest(
        &mut self,
        _: &ComponentName<'_>,
        _: Algorithm,
        _: Option<u64>,
        _: &mut [u8],
    ) -> Result<Option<ImageDigest>, &'static str> {
        Ok(None)
    }

    fn fetch(
        &mut self,
        component: &ComponentName<'_>,
        fetch: &Fetch<'_>,
    ) -> Result<bool, &'static str> {
        let Some(payload) = fetch.integrated else { return Ok(false) };
        self.envelopes.insert(component.to_string(), payload.to_vec());
        Ok(true)
    }

    fn write(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, &'static str> {
        Ok(false)
    }

    fn copy(&mut self, _: &ComponentName<'_>, _: &ComponentName<'_>) -> Result<bool, &'static str> {
        Ok(false)
    }

    fn invoke(&mut self, _: &ComponentName<'_>, _: Option<&[u8]>) -> Result<bool, &'static str> {
        Ok(false)
    }

    /// The call into the secure world: an envelope, parameters, the number of a section.
    fn delegate(
        &mut self,
        component: &ComponentName<'_>,
        request: &Delegated<'_>,
    ) -> Result<bool, &'static str> {
        let ended = match request {
            Delegated::TakeOver { manifest } => {
                println!("  the secure world verifies a manifest");
                let envelope = self.envelopes.get(&component.to_string()).cloned();
                envelope.is_some_and(|envelope| self.secure.take_over(envelope, manifest).is_ok())
            }
            Delegated::SetParameters { parameters, replaces } => {
                println!("  the secure world is told where the image is to be had");
                self.secure.parameters.push((parameters.to_vec(), *replaces));
                true
            }
            Delegated::Run { section } => {
                println!("  the secure world runs {section}");
                self.secure.run(*section).is_ok()
            }
            // That the dependent passes over a section must not go unnoticed.
            Delegated::LacksSection { section } => {
                println!("  the secure world is asked whether {section} was passed over");
                self.secure.lacks(*section).unwrap_or(false)
            }
            _ => false,
        };
        Ok(ended)
    }

    fn commit(&mut self, _: u64) -> Result<bool, &'static str> {
        Ok(true)
    }
}

/// The world that trusts nobody but the maker of its applications.
struct SecureWorld {
    maker: Ec2PublicKey<32>,
    envelope: Option<Vec<u8>>,
    parameters: Vec<(Vec<u8>, bool)>,
    image: Option<Vec<u8>>,
}

impl SecureWorld {
    fn take_over(&mut self, bytes: Vec<u8>, manifest: &Digest<'_>) -> Result<(), Failure> {
        self.envelope = None;
        let context = Context::new(&RustCrypto);
        let keys = [TrustedKey::new(&self.maker, &context)?];
        let keys = TrustStore::new(&keys);
        let envelope = Envelope::decode(&bytes, &context.profile)?;
        if envelope.authentication().digest() != *manifest {
            return Err("another manifest than the one that is meant".into());
        }
        let taken = envelope.verify(&Trust::keys(&keys), &POLICY, &context).map(drop);
        taken?;
        self.envelope = Some(bytes);
        Ok(())
    }

    /// Whether the application's manifest, which was verified, has no such section.
    fn lacks(&self, section: Section) -> Result<bool, Failure> {
        let bytes = self.envelope.as_ref().ok_or("nothing was taken over")?;
        let context = Context::new(&RustCrypto);
        let envelope = Envelope::decode(bytes, &context.profile)?;
        let manifest = envelope.danger_unverified_manifest(&context.profile)?;
        Ok(manifest.section(section)?.is_none())
    }

    fn run(&mut self, section: Section) -> Result<(), Failure> {
        // A copy of its own: the normal world cannot change it any more.
        let bytes = self.envelope.clone().ok_or("nothing was taken over")?;
        let parameters = self.parameters.clone();
        let context = Context::new(&RustCrypto);
        let maker = self.maker;
        let keys = [TrustedKey::new(&maker, &context)?];
        let keys = TrustStore::new(&keys);
        let trust = Trust::keys(&keys);
        let envelope = Envelope::decode(&bytes, &context.profile)?;
        let manifest = envelope.verify(&trust, &POLICY, &context)?;
        let procedure = Procedure::OnRequest;
        let mut processor =
            Processor::<2, 4>::new(&envelope, &manifest, procedure, &target(), &mut [], &context)?;
        let component = manifest.value().common().components().at(0).ok_or("no component")?;
        for (map, replaces) in &parameters {
            // Where to fetch from, and nothing that decides what is installed.
            processor.set_parameters(&component.into(), map, *replaces, &context)?;
        }
        if processor.request(&envelope, &manifest, section, &context)? {
            let authority = Authority { trust: &trust, policy: &POLICY };
            run(&mut processor, self, &authority, &context).map_err(told)?;
        }
        Ok(())
    }
}

impl Platform for SecureWorld {
    type Error = &'static str;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, &'static str> {
        Ok(component.segments().eq([&b"wallet"[..]]))
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, &'static str> {
        Ok(false)
    }

    fn is_class(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, &'static str> {
        Ok(false)
    }

    fn read(
        &mut self,
        _: &ComponentName<'_>,
        _: usize,
        _: &mut [u8],
    ) -> Result<Option<usize>, &'static str> {
        Ok(None)
    }

    fn digest(
        &mut self,
        _: &ComponentName<'_>,
        algorithm: Algorithm,
        _: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, &'static str> {
        let Some(image) = &self.image else { return Ok(None) };
        let hash = Context::new(&RustCrypto).hash(algorithm, &[image]);
        let Ok(hash) = hash else { return Ok(None) };
        let hash = hash.as_ref();
        out[..hash.len()].copy_from_slice(hash);
        Ok(Some(ImageDigest { len: hash.len(), size: image.len() as u64 }))
    }

    fn fetch(&mut self, _: &ComponentName<'_>, fetch: &Fetch<'_>) -> Result<bool, &'static str> {
        self.image = (fetch.uri == URI).then(|| IMAGE.to_vec());
        Ok(self.image.is_some())
    }

    fn write(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, &'static str> {
        Ok(false)
    }

    fn copy(&mut self, _: &ComponentName<'_>, _: &ComponentName<'_>) -> Result<bool, &'static str> {
        Ok(false)
    }

    fn invoke(&mut self, _: &ComponentName<'_>, _: Option<&[u8]>) -> Result<bool, &'static str> {
        Ok(false)
    }

    fn commit(&mut self, _: u64) -> Result<bool, &'static str> {
        Ok(true)
    }
}
