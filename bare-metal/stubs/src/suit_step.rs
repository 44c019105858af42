//! A SUIT processor that yields steps. Left out: everything but fetching. A manifest is here an
//! array of commands `[kind, uri, SUIT_Digest]`; kind 0 is an image, kind 1 another manifest.

use cose_ext::{
    Context, Digest, Input, Profile, Sign1, Verified, VerifiedItems,
    cbor::{Array, Elements, Map, Raw, Reader},
    crypto::{Algorithm, HashValue},
    key::KeyResolver,
};

use crate::{Error, digest_pair::digest_pair};

/// What the platform is asked to do. It borrows the manifest, not the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'m> {
    /// Fetch an image, and [`answer`](Processor::answer) with its digest by `hash`.
    Fetch {
        /// Which component the image is for.
        component: usize,
        /// From where.
        uri: &'m str,
        /// The hash function that the manifest wants.
        hash: Algorithm,
    },
    /// Fetch a manifest into the [`arena`](Processor::arena), then [`depend`](Processor::depend).
    FetchManifest {
        /// From where.
        uri: &'m str,
    },
    /// Nothing more to do.
    Done,
}

/// Walks a manifest and those it depends on. The arena is lent: a manifest that was put into it
/// lives as long as the first one.
pub struct Processor<'m, const COMPONENTS: usize, const DEPTH: usize> {
    arena: &'m mut [u8],
    open: [Option<VerifiedItems<Elements<'m>>>; DEPTH],
    awaited: Option<Verified<Command<'m>>>,
    fetched: usize,
}

impl<'m, const COMPONENTS: usize, const DEPTH: usize> Processor<'m, COMPONENTS, DEPTH> {
    /// Authenticates `envelope`.
    ///
    /// # Errors
    /// If no key of `keys` vouches for its manifest.
    pub fn new(
        envelope: &'m [u8],
        arena: &'m mut [u8],
        keys: &dyn KeyResolver,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let open = core::array::from_fn(|_| None);
        let mut this = Self { arena, open, awaited: None, fetched: 0 };
        this.enter(authenticate(envelope, keys, context)?, context)?;
        Ok(this)
    }

    /// What to do next. A step that is not answered comes again.
    ///
    /// # Errors
    /// If the manifest is not what it has to be, or asks for too much.
    pub fn step(&mut self) -> Result<Step<'m>, Error> {
        while self.awaited.is_none() {
            let Some(innermost) = self.open.iter_mut().rev().find(|level| level.is_some()) else {
                return Ok(Step::Done);
            };
            match innermost.as_mut().and_then(Iterator::next) {
                Some(command) => self.awaited = Some(command.try_map(Command::read)?),
                None => *innermost = None,
            }
        }
        let command = *self.awaited.as_ref().ok_or(Error::OutOfTurn)?.value();
        match command.kind {
            0 if self.fetched == COMPONENTS => Err(Error::Full),
            0 => {
                let hash = command.digest.algorithm();
                Ok(Step::Fetch { component: self.fetched, uri: command.uri, hash })
            }
            1 => Ok(Step::FetchManifest { uri: command.uri }),
            _ => Err(Error::Shape),
        }
    }

    /// The image was fetched, and has the digest `found`. Which key vouches for it comes back.
    ///
    /// # Errors
    /// If it is not the image that the manifest wants.
    pub fn answer(&mut self, found: &HashValue) -> Result<Verified<Digest<'m>>, Error> {
        let digest = self.awaited(0)?.try_map(|command| Ok::<_, Error>(command.digest))?;
        if digest.value().value() != found.as_ref() {
            return Err(Error::Mismatch);
        }
        self.awaited = None;
        self.fetched = self.fetched.saturating_add(1);
        Ok(digest)
    }

    /// Free memory for a dependency manifest.
    pub const fn arena(&mut self) -> &mut [u8] {
        self.arena
    }

    /// The first `len` bytes of the arena are the manifest that was asked for. They stay there.
    ///
    /// # Errors
    /// If it is not the manifest whose digest was signed; its bytes of the arena are then lost.
    pub fn depend(&mut self, len: usize, context: &Context<'_>) -> Result<(), Error> {
        let digest = self.awaited(1)?.try_map(|command| Ok::<_, Error>(command.digest))?;
        if len > self.arena.len() {
            return Err(Error::Full);
        }
        let (manifest, free) = core::mem::take(&mut self.arena).split_at_mut(len);
        self.arena = free;
        self.enter(digest.vouch_for_bytes(manifest, context)?, context)?;
        self.awaited = None;
        Ok(())
    }

    fn awaited(&self, kind: u64) -> Result<Verified<Command<'m>>, Error> {
        self.awaited.filter(|command| command.value().kind == kind).ok_or(Error::OutOfTurn)
    }

    fn enter(&mut self, manifest: Verified<&'m [u8]>, context: &Context<'_>) -> Result<(), Error> {
        let commands = manifest.try_map_within(&context.profile, commands)?.into_items();
        let level = self.open.iter_mut().position(|level| level.is_none());
        let level = level.and_then(|level| self.open.get_mut(level)).ok_or(Error::Full)?;
        *level = Some(commands);
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Command<'m> {
    kind: u64,
    uri: &'m str,
    digest: Digest<'m>,
}

impl<'m> Command<'m> {
    fn read(raw: Raw<'m>) -> Result<Self, Error> {
        let mut parts = Array::new(&raw)?.iter();
        let mut part = || parts.next().ok_or(Error::Shape);
        let (kind, uri) = (part()?.read(Reader::uint)?, part()?.read(Reader::text)?);
        Ok(Self { kind, uri, digest: digest_pair(&part()?)? })
    }
}

/// A manifest is signed and hashed together with the head of its byte string.
fn commands<'m>(manifest: &'m [u8], profile: &Profile) -> Result<Elements<'m>, Error> {
    let raw = Raw::decode(manifest, 0, profile.strictness, &profile.limits.cbor)?;
    Ok(Array::new(&raw.embedded(profile.strictness, &profile.limits.cbor)?)?.iter())
}

/// The first block of the authentication wrapper is the signed digest, the second its signature.
fn authenticate<'m>(
    envelope: &'m [u8],
    keys: &dyn KeyResolver,
    context: &Context<'_>,
) -> Result<Verified<&'m [u8]>, Error> {
    let Profile { strictness, limits, .. } = context.profile;
    let envelope = Map::decode(envelope, 0, strictness, &limits.cbor)?;
    let member = |label| {
        let member = envelope.iter().find(|(key, _)| key.read(Reader::uint) == Ok(label));
        member.map(|(_, value)| value).ok_or(Error::Shape)
    };
    let mut wrapper = Array::new(&member(2)?.embedded(strictness, &limits.cbor)?)?.iter();
    let digest = wrapper.next().ok_or(Error::Shape)?.read(Reader::bytes)?;
    let block = wrapper.next().ok_or(Error::Shape)?.read(Reader::bytes)?;
    let block = Sign1::decode_tagged(block, &context.profile)?;
    let signed = block.verify(&Input::detached(digest), keys, context)?;
    let digest = signed.try_map_within(&context.profile, |signed, profile| {
        let limits = &profile.limits.cbor;
        digest_pair(&Raw::decode(signed.payload(), 0, profile.strictness, limits)?)
    })?;
    Ok(digest.vouch_for_bytes(member(3)?.bytes(), context)?)
}
