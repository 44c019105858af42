#![no_std]
#![no_main]
//! Verifies a SUIT envelope of the shape of example 0 by ES256, and invokes its image: a bootloader without update.

use core::{convert::Infallible, hint::black_box};

use cose_ext::{
    Context, Verified,
    crypto::{Algorithm, HashFunction, InvalidKey, Provider, PublicKey, SignatureVerifier},
    key::{HashedVerifier, Thumbprint},
    rustcrypto::{P256VerifyingKey, Sha256},
    sign::Signers,
};
use firmware as _;
use suit_manifest::{
    AuthenticationPolicy, Authority, ComponentName, Envelope, Fetch, ImageDigest, Limits, Manifest,
    Platform, Procedure, Processor, Readings, RunError, Sign1Only, Target, run,
};

static ENVELOPE: &[u8] = include_bytes!("../../../canary/fixtures/suit/envelope.suit");
/// The coordinates of the author's key and its thumbprint, burnt into the board.
static KEY: &[u8; 64] = include_bytes!("../../../canary/fixtures/suit/author-key.bin");
static THUMBPRINT: &[u8; 32] =
    include_bytes!("../../../canary/fixtures/suit/author-thumbprint.bin");
static IMAGE: &[u8] = include_bytes!("../../../canary/fixtures/artifact.bin");

const VENDOR: [u8; 16] = 0xfa6b_4a53_d5ad_5fdf_be9d_e663_e4d4_1ffe_u128.to_be_bytes();
const CLASS: [u8; 16] = 0x1492_af14_2569_5e48_bf42_9b2d_51f2_ab45_u128.to_be_bytes();

/// Called by the start-up code.
#[allow(unsafe_code)] // The start-up code knows it by this name.
#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    // As if they had come over a wire: nothing of them is known to the compiler.
    let mut board = Board { image: black_box(IMAGE), invoked: 0 };
    match boot(black_box(ENVELOPE), black_box(KEY), &mut board) {
        Ok(()) if board.invoked == 1 => 0,
        _ => 1,
    }
}

fn boot(envelope: &[u8], key: &[u8; 64], board: &mut Board) -> Result<(), RunError<Infallible>> {
    let context = Context::new(&Crypto);
    // Results are looked into where they are made: they are large.
    let key = author(key);
    let Ok(key) = &key else { return Err(RunError::Diverged) };
    let key = HashedVerifier::new(key, Thumbprint::from_bytes(*THUMBPRINT));
    let trust = Sign1Only::new(&key);
    let policy = AuthenticationPolicy::ANY_BLOCK;
    let envelope = Envelope::decode(envelope, &context.profile);
    let envelope = match &envelope {
        Ok(envelope) => envelope,
        Err(error) => return Err(RunError::Refused(*error)),
    };
    let authority = Authority { trust: &trust, policy: &policy };
    envelope.verify_then(&trust, &policy, &context, |manifest| {
        invoke(envelope, manifest, &authority, board, &context)
    })?
}

#[inline(never)]
fn author(key: &[u8; 64]) -> Result<P256VerifyingKey, InvalidKey> {
    let (x, y) = key.split_at_checked(32).ok_or(InvalidKey::Malformed)?;
    P256VerifyingKey::from_coordinates(x, y)
}

/// All the cryptography that this board has: one key that is there already, and one hash function.
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

#[inline(never)] // So that the processor is not there while the signature is checked.
fn invoke(
    envelope: &Envelope<'_>,
    manifest: &Verified<Manifest<'_>, &Signers>,
    authority: &Authority<'_>,
    board: &mut Board,
    context: &Context<'_>,
) -> Result<(), RunError<Infallible>> {
    let target = Target {
        components: 1,
        stored: None,
        limits: Limits::DEFAULT,
        readings: Readings::default(),
    };
    let procedure = Procedure::Invoke;
    let mut processor =
        Processor::<4, 4>::new(envelope, manifest, procedure, &target, &mut [], context)?;
    run(&mut processor, board, authority, context)
}

/// A board with one image in its flash.
struct Board {
    image: &'static [u8],
    invoked: u32,
}

impl Platform for Board {
    type Error = Infallible;

    const HAS_HASH_ENGINE: bool = true;

    fn has_component(&mut self, component: &ComponentName<'_>) -> Result<bool, Infallible> {
        Ok(component.segments().eq([&[0][..]]))
    }

    fn is_vendor(&mut self, _: &ComponentName<'_>, vendor: &[u8]) -> Result<bool, Infallible> {
        Ok(vendor == VENDOR)
    }

    fn is_class(&mut self, _: &ComponentName<'_>, class: &[u8]) -> Result<bool, Infallible> {
        Ok(class == CLASS)
    }

    fn read(
        &mut self,
        _: &ComponentName<'_>,
        offset: usize,
        out: &mut [u8],
    ) -> Result<Option<usize>, Infallible> {
        let rest = self.image.get(offset..).unwrap_or_default();
        Ok(Some(rest.iter().zip(out).map(|(byte, place)| *place = *byte).count()))
    }

    fn digest(
        &mut self,
        _: &ComponentName<'_>,
        algorithm: Algorithm,
        _: Option<u64>,
        out: &mut [u8],
    ) -> Result<Option<ImageDigest>, Infallible> {
        let Ok(digest) = Context::new(&Crypto).hash(algorithm, &[self.image]) else {
            return Ok(None);
        };
        let len = digest.as_ref().iter().zip(out).map(|(byte, place)| *place = *byte).count();
        Ok(u64::try_from(self.image.len()).ok().map(|size| ImageDigest { len, size }))
    }

    fn fetch(&mut self, _: &ComponentName<'_>, _: &Fetch<'_>) -> Result<bool, Infallible> {
        Ok(false)
    }

    fn write(&mut self, _: &ComponentName<'_>, _: &[u8]) -> Result<bool, Infallible> {
        Ok(false)
    }

    fn copy(&mut self, _: &ComponentName<'_>, _: &ComponentName<'_>) -> Result<bool, Infallible> {
        Ok(false)
    }

    fn invoke(&mut self, _: &ComponentName<'_>, _: Option<&[u8]>) -> Result<bool, Infallible> {
        // A real board jumps, and does not come back.
        self.invoked = self.invoked.saturating_add(1);
        Ok(true)
    }

    fn commit(&mut self, _: u64) -> Result<bool, Infallible> {
        Ok(false)
    }
}
