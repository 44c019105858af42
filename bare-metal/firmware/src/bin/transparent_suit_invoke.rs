#![no_std]
#![no_main]
//! Verifies a transparent SUIT envelope offline, the block by ESP256 and its one receipt by ES256, and invokes its image.

use core::{convert::Infallible, hint::black_box};

use cose_ext::{
    Context, Profile,
    crypto::{Algorithm, HashFunction, InvalidKey, Provider, PublicKey, SignatureVerifier},
    key::{Thumbprint, TrustedKey},
    rustcrypto::{P256VerifyingKey, Sha256},
    sign::SignPolicy,
};
use firmware as _;
use scitt_core::{ServiceKey, TrustedService};
use suit_manifest::{
    AuthenticationPolicy, Authenticator, Authority, Block, ComponentName, Envelope, ErrorKind,
    Fetch, ImageDigest, Limits, Platform, Procedure, Readings, Target, Vouchers, run,
};
use transparent_suit::{Device, TransparentManifest, profile::ENTRY_RULE};

static ENVELOPE: &[u8] = include_bytes!("../../../canary/fixtures/suit/transparent-envelope.suit");
/// The coordinates of the keys of author and service and their thumbprints, burnt into the board.
static AUTHOR: &[u8; 64] = include_bytes!("../../../canary/fixtures/suit/author-key.bin");
static SERVICE: &[u8; 64] = include_bytes!("../../../canary/fixtures/suit/service-key.bin");
static AUTHOR_THUMBPRINT: &[u8; 32] =
    include_bytes!("../../../canary/fixtures/suit/author-thumbprint.bin");
static SERVICE_THUMBPRINT: &[u8; 32] =
    include_bytes!("../../../canary/fixtures/suit/service-thumbprint.bin");
static IMAGE: &[u8] = include_bytes!("../../../canary/fixtures/artifact.bin");

const AUTHOR_ISSUER: &str = "https://maker.example";
const SERVICE_ISSUER: &str = "https://transparency.example";
/// The class of the board, as a URN.
const CLASSES: [&str; 1] = ["urn:uuid:636c6173-7320-6f66-2064-657669636573"];

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    let mut board = Board { invoked: 0 };
    match boot(black_box(ENVELOPE), [AUTHOR, SERVICE].map(black_box), &mut board) {
        Some(()) if board.invoked == 1 => 0,
        _ => 1,
    }
}

/// `None` if the envelope is refused, or its image does not start.
fn boot(envelope: &[u8], [author, service]: [&[u8; 64]; 2], board: &mut Board) -> Option<()> {
    let context = Context::new(&Crypto);
    // Matched where they are made: they are large.
    let (author, service) = (&key(author), &key(service));
    let (author, service) = (author.as_ref().ok()?, service.as_ref().ok()?);
    let (author, keys) = (firmware_key(author), service_keys(service));
    let services =
        [TrustedService { name: SERVICE_ISSUER, issuer: Some(SERVICE_ISSUER), keys: &keys }];
    let device = Device::new(&author, &services, &CLASSES);
    let envelope = &Envelope::decode(envelope, &context.profile);
    let envelope = envelope.as_ref().ok()?;
    // Matched where it is made: it is large.
    match &device.verify(envelope, &context) {
        Ok(manifest) => invoke(envelope, manifest, board, &context),
        Err(_) => None,
    }
}

#[inline(never)]
fn firmware_key(key: &P256VerifyingKey) -> TrustedKey<'_> {
    TrustedKey::hashed(key, Thumbprint::from_bytes(*AUTHOR_THUMBPRINT)).for_issuer(AUTHOR_ISSUER)
}

#[inline(never)]
fn service_keys(key: &P256VerifyingKey) -> [ServiceKey<'_>; 1] {
    let key = TrustedKey::hashed(key, Thumbprint::from_bytes(*SERVICE_THUMBPRINT));
    [ServiceKey::new(key, Algorithm::ES256).with_entry_rule(ENTRY_RULE)]
}

#[inline(never)]
fn key(key: &[u8; 64]) -> Result<P256VerifyingKey, InvalidKey> {
    let (x, y) = key.split_at_checked(32).ok_or(InvalidKey::Malformed)?;
    P256VerifyingKey::from_coordinates(x, y)
}

#[inline(never)] // So that the processor is not there while signatures are checked.
fn invoke(
    envelope: &Envelope<'_>,
    manifest: &TransparentManifest<'_>,
    board: &mut Board,
    context: &Context<'_>,
) -> Option<()> {
    let target = Target {
        components: 1,
        stored: None,
        limits: Limits::DEFAULT,
        readings: Readings::default(),
    };
    let mut processor =
        manifest.processor::<4, 4>(envelope, Procedure::Invoke, &target, &mut [], context).ok()?;
    let authority = Authority { trust: &NoDependencies, policy: &AuthenticationPolicy::ANY_BLOCK };
    run(&mut processor, board, &authority, context).ok()
}

/// This board takes manifests of one piece: nobody vouches for a dependency.
struct NoDependencies;

const NOBODY: suit_manifest::Error =
    suit_manifest::Error::new(ErrorKind::Policy(suit_manifest::Rule::BlockVerifies));

impl Authenticator for NoDependencies {
    fn authenticate<'a>(
        &self,
        _: &Block<'a>,
        _: &'a [u8],
        _: &SignPolicy<'_>,
        _: &mut Vouchers<'a>,
        _: &Context<'_>,
    ) -> Result<Result<(), suit_manifest::Error>, suit_manifest::Error> {
        Err(NOBODY)
    }

    fn check_form(&self, _: &Block<'_>, _: &Profile) -> Result<(), suit_manifest::Error> {
        Err(NOBODY)
    }
}

/// All the cryptography that this board has: keys that are there already, and one hash function.
struct Crypto;

impl Provider for Crypto {
    fn with_verifier(
        &self,
        _: &PublicKey<'_>,
        _: &mut dyn FnMut(&dyn SignatureVerifier),
    ) -> Result<(), InvalidKey> {
        Err(InvalidKey::Unsupported)
    }

    fn hash_function(&self, algorithm: Algorithm) -> Option<&dyn HashFunction> {
        match algorithm {
            Algorithm::SHA256 => Some(&Sha256),
            _ => None,
        }
    }
}

/// A board with one image, which is in place.
struct Board {
    invoked: u32,
}

impl Platform for Board {
    type Error = Infallible;

    const HAS_HASH_ENGINE: bool = true;

    fn has_component(&mut self, _: &ComponentName<'_>) -> Result<bool, Self::Error> {
        Ok(true)
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, Self::Error> {
        Ok(vendor == b"vendor of device")
    }

    fn is_class(&mut self, _: &ComponentName<'_>, class: &[u8]) -> Result<bool, Self::Error> {
        Ok(class == b"class of devices")
    }

    fn read(
        &mut self,
        _: &ComponentName<'_>,
        _: usize,
        _: &mut [u8],
    ) -> Result<Option<usize>, Self::Error> {
        Ok(None)
    }

    fn digest(
        &mut self,
        _: &ComponentName<'_>,
        algorithm: Algorithm,
        _: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Self::Error> {
        let Ok(hash) = Context::new(&Crypto).hash(algorithm, &[IMAGE]) else { return Ok(None) };
        let hash = hash.as_ref();
        let Some(place) = out.get_mut(..hash.len()) else { return Ok(None) };
        place.copy_from_slice(hash);
        let size = u64::try_from(IMAGE.len()).unwrap_or(u64::MAX);
        Ok(Some(ImageDigest { len: hash.len(), size }))
    }

    fn fetch(&mut self, _: &ComponentName<'_>, _: &Fetch<'_>) -> Result<bool, Self::Error> {
        Ok(false)
    }

    fn write(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Self::Error> {
        Ok(false)
    }

    fn copy(&mut self, _: &ComponentName<'_>, _: &ComponentName<'_>) -> Result<bool, Self::Error> {
        Ok(false)
    }

    fn invoke(&mut self, _: &ComponentName<'_>, _: Option<&[u8]>) -> Result<bool, Self::Error> {
        // A real board jumps, and does not come back.
        self.invoked = self.invoked.saturating_add(1);
        Ok(true)
    }

    fn commit(&mut self, _: u64) -> Result<bool, Self::Error> {
        Ok(false)
    }
}
