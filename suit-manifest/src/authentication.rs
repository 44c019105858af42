//! The authentication wrapper (SUIT manifest 8.3).

mod authenticator;

use cose_ext::{
    Authenticated, Context, Digest, Profile, Verified,
    cbor::Raw,
    crypto::Algorithm,
    error::{ErrorKind as CoseErrorKind, Verification},
    sign::{SignPolicy, Signers},
};

pub use authenticator::{Authenticator, Sign1Only, Vouchers};

use crate::{
    Error, ErrorKind, Rule,
    cursor::{Cursor, Wrapped},
    digest,
    error::Fact,
    strictness::encoding_first,
};

/// What an envelope states of its manifest's authenticity: a digest, and blocks that sign the
/// digest. Untrusted.
#[derive(Clone, Copy, Debug)]
pub struct Authentication<'a> {
    digest: Digest<'a>,
    /// The encoded digest, which every block signs.
    signed: Raw<'a>,
    /// Stands before the blocks, which are byte strings up to the end of the wrapper.
    blocks: Cursor<'a>,
}

/// Whose signatures and tags an envelope needs. There is no default: the specification leaves it to
/// the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuthenticationPolicy<'a> {
    /// Which authentication blocks: all of them, blocks by at least so many different keys, or by
    /// these keys.
    pub blocks: SignPolicy<'a>,
    /// Which signatures of a block that is a COSE_Sign, before the block counts.
    pub signers: SignPolicy<'a>,
}

impl AuthenticationPolicy<'_> {
    /// One block by a trusted key is enough; of a COSE_Sign every signature has to be.
    pub const ANY_BLOCK: Self = Self { blocks: SignPolicy::AtLeast(1), signers: SignPolicy::All };

    /// Every block by a trusted key, and every signature of a COSE_Sign.
    pub const ALL_BLOCKS: Self = Self { blocks: SignPolicy::All, signers: SignPolicy::All };

    const fn needs_every_block(&self) -> bool {
        matches!(self.blocks, SignPolicy::All)
    }
}

impl<'a> Authentication<'a> {
    /// Reads the wrapper, a byte string around an array.
    ///
    /// # Errors
    ///
    /// [`Rule::WrapperForm`], and those of the digest.
    pub(crate) fn read(member: &Wrapped<'a>, profile: &Profile) -> Result<Self, Error> {
        Self::read_once(member, profile)
            .map_err(|error| encoding_first(&member.item, Rule::WrapperForm, profile, error))
    }

    fn read_once(member: &Wrapped<'a>, profile: &Profile) -> Result<Self, Error> {
        let limits = &profile.limits.cbor;
        let mut cursor = member.open(Rule::WrapperForm, limits)?;
        let Some(blocks) = cursor.array(Rule::WrapperForm)?.checked_sub(1) else {
            return Err(Error::malformed(Rule::WrapperForm, Fact::Count(0), cursor.base()));
        };
        let wrapped = cursor.wrapped(Rule::WrapperForm)?;
        let mut inner = wrapped.open(Rule::WrapperForm, limits)?;
        let digest = digest::next(&mut inner)
            .and_then(|digest| inner.end().map(|()| digest))
            .map_err(|error| encoding_first(&wrapped.item, Rule::WrapperForm, profile, error))?;
        let read = Self { digest, signed: inner.item_since(0), blocks: cursor };
        for _ in 0..blocks {
            cursor.bytes(Rule::WrapperForm)?;
        }
        cursor.end()?;
        Ok(read)
    }

    /// Returns the digest that the wrapper states.
    #[must_use]
    pub const fn digest(&self) -> Digest<'a> {
        self.digest
    }

    /// Returns the encoded digest: the payload that every block signs without carrying it.
    #[must_use]
    pub const fn signed_bytes(&self) -> &'a [u8] {
        self.signed.bytes()
    }

    /// Returns the authentication blocks, not verified.
    #[must_use]
    pub fn blocks(&self) -> Blocks<'a> {
        Blocks { left: self.blocks }
    }

    /// Checks the blocks, as many as `policy` asks for. Every block has to be one, those too that
    /// the policy does not need.
    ///
    /// # Errors
    ///
    /// [`Rule::BlockPresent`], [`Rule::BlockForm`], [`Rule::BlockDetached`];
    /// [`Rule::BlockVerifies`] where some blocks verify and fewer than the policy asks for; where
    /// none does, why.
    pub(crate) fn verify<'v>(
        &self,
        trust: &dyn Authenticator,
        policy: &AuthenticationPolicy<'_>,
        vouchers: &'v mut Vouchers<'a>,
        context: &Context<'_>,
    ) -> Result<Verified<Digest<'a>, &'v Signers>, Error> {
        if let SignPolicy::AtLeast(2..) = policy.blocks {
            // Keys are told apart by their thumbprints.
            context.hash_function(Algorithm::SHA256)?;
        }
        let mut reason = None;
        let mut is_met = false;
        for block in self.blocks() {
            if is_met {
                trust.check_form(&block, &context.profile)?;
                continue;
            }
            let signed = self.signed.bytes();
            match trust.authenticate(&block, signed, &policy.signers, vouchers, context)? {
                Ok(()) => {
                    is_met = !policy.needs_every_block()
                        && vouchers
                            .verified()
                            .is_some_and(|by| policy.blocks.check_signers(by.by()).is_ok());
                }
                Err(error) if policy.needs_every_block() || error.is_limit() => return Err(error),
                Err(error) => keep(&mut reason, &error),
            }
        }
        let Some(verified) = vouchers.verified() else { return Err(nobody(reason)) };
        let verified = verified.by_ref();
        if let Err(error) = policy.blocks.check_signers(verified.by()) {
            return Err(self.too_few(error));
        }
        verified.try_map_within(&context.profile, decode_digest)
    }

    /// Why those who vouch are not those that the policy asks for.
    #[cold]
    #[inline(never)]
    fn too_few(&self, error: cose_ext::Error) -> Error {
        match error.kind() {
            CoseErrorKind::Verification(Verification::SignPolicy { .. }) => {
                Error::new(ErrorKind::Policy(Rule::BlockVerifies)).at(self.blocks.base())
            }
            _ => error.into(),
        }
    }
}

/// Keeps of two reasons the one that says more.
#[cold]
#[inline(never)] // Errors are large, and not on the stack while signatures are checked.
fn keep(reason: &mut Option<Error>, error: &Error) {
    *reason = Some(reason.map_or(*error, |reason| reason.more_specific(*error)));
}

/// Why nobody vouches.
#[cold]
#[inline(never)]
fn nobody(reason: Option<Error>) -> Error {
    reason.unwrap_or(Error::new(ErrorKind::Verification(Rule::BlockPresent)))
}

/// Reads the bytes that the blocks signed, which were read before.
fn decode_digest<'a>(bytes: &'a [u8], profile: &Profile) -> Result<Digest<'a>, Error> {
    let mut cursor = Cursor::open(bytes, 0, Rule::WrapperForm, &profile.limits.cbor)?;
    digest::next(&mut cursor)
}

/// An authentication block: a COSE message that signs the digest. Untrusted.
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    content: &'a [u8],
    offset: usize,
}

impl<'a> Block<'a> {
    /// Returns the block whose message is `content`, at byte `offset` of the envelope.
    #[cfg(feature = "alloc")]
    pub(crate) const fn new(content: &'a [u8], offset: usize) -> Self {
        Self { content, offset }
    }

    /// Returns the encoded message.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.content
    }

    /// Returns where the message starts in the envelope, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Why a message is no block.
    fn refused(&self, error: cose_ext::Error) -> Error {
        let is_form = match error.kind() {
            CoseErrorKind::Malformed { .. } => true,
            CoseErrorKind::Cbor(kind) => self.content.is_empty() || kind.is_form(),
            _ => false,
        };
        if is_form {
            let fact = Fact::Count(self.content.len());
            Error::malformed(Rule::BlockForm, fact, self.offset)
        } else {
            Error::from(error).within(self.offset)
        }
    }

    /// Reads the message.
    ///
    /// # Errors
    ///
    /// [`Rule::BlockForm`] for another tag, none, or no content at all; [`Rule::BlockDetached`];
    /// those of the message.
    pub fn message(&self, profile: &Profile) -> Result<Authenticated<'a>, Error> {
        let message = authenticator::any(self, profile)?;
        match message.danger_unverified_payload() {
            None => Ok(message),
            Some(payload) => {
                let fact = Fact::Count(payload.len());
                Err(Error::malformed(Rule::BlockDetached, fact, self.offset))
            }
        }
    }
}

/// Iterator over the blocks of an [`Authentication`].
#[derive(Clone, Debug)]
pub struct Blocks<'a> {
    left: Cursor<'a>,
}

impl<'a> Iterator for Blocks<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        if self.left.is_at_end() {
            return None;
        }
        // They were all read before.
        let content = self.left.bytes(Rule::WrapperForm).ok()?;
        Some(Block { content, offset: self.left.start_of(content) })
    }
}
