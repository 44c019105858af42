//! Who checks authentication blocks.

use cose_ext::{
    Authenticated, Context, Input, Profile, Sign1, Trust, Verified,
    key::KeyResolver,
    sign::{SignPolicy, Signers},
};

use super::Block;
use crate::{Error, ErrorKind, Rule, Unsupported, error::Fact};

/// Who vouches for a digest so far, by the blocks that were checked: an [`Authenticator`] adds to
/// it. It stands in one place, because it is large.
#[derive(Debug, Default)]
pub struct Vouchers<'a>(Option<Verified<&'a [u8], Signers>>);

impl<'a> Vouchers<'a> {
    pub(crate) const NOBODY: Self = Self(None);

    pub(super) const fn verified(&self) -> Option<&Verified<&'a [u8], Signers>> {
        self.0.as_ref()
    }

    /// Adds who made a block of one signature or tag.
    ///
    /// # Errors
    ///
    /// If it vouches for another value.
    #[inline(never)] // So that what it copies is not there while signatures are checked.
    pub fn add_one(&mut self, verified: &Verified<&'a [u8]>) -> Result<(), Error> {
        match &mut self.0 {
            Some(joined) => joined.join_one(verified)?,
            empty => *empty = Some(verified.by_several()),
        }
        Ok(())
    }

    /// Adds who made a block.
    ///
    /// # Errors
    ///
    /// If it vouches for another value.
    #[inline(never)]
    pub fn add(&mut self, verified: Verified<&'a [u8], Signers>) -> Result<(), Error> {
        match &mut self.0 {
            Some(joined) => joined.join(&verified)?,
            empty => *empty = Some(verified),
        }
        Ok(())
    }
}

/// Who checks authentication blocks: [`Trust`] does of every kind, [`Sign1Only`] of one, with half
/// the code.
pub trait Authenticator {
    /// Checks that a block is well formed, and adds to `vouchers` who made it. `digest` is the
    /// detached payload that the block signs. The inner result says why no trusted key made it.
    ///
    /// # Errors
    ///
    /// Those of [`Block::message`].
    fn authenticate<'a>(
        &self,
        block: &Block<'a>,
        digest: &'a [u8],
        policy: &SignPolicy<'_>,
        vouchers: &mut Vouchers<'a>,
        context: &Context<'_>,
    ) -> Result<Result<(), Error>, Error>;

    /// Checks that a block is well formed.
    ///
    /// # Errors
    ///
    /// Those of [`Block::message`].
    fn check_form(&self, block: &Block<'_>, profile: &Profile) -> Result<(), Error>;
}

impl Authenticator for Trust<'_> {
    fn authenticate<'a>(
        &self,
        block: &Block<'a>,
        digest: &'a [u8],
        policy: &SignPolicy<'_>,
        vouchers: &mut Vouchers<'a>,
        context: &Context<'_>,
    ) -> Result<Result<(), Error>, Error> {
        let message = block.message(&context.profile)?;
        let input = Input::detached(digest);
        let one = match &message {
            Authenticated::Sign1(message) => message.verify(&input, self.keys, context),
            Authenticated::Mac0(message) => message.verify(&input, self.secrets, context),
            message => {
                let verified = message.verify(&input, self, policy, context);
                return Ok(
                    match verified.map(|verified| verified.map(|signed| signed.payload())) {
                        Ok(verified) => vouchers.add(verified),
                        Err(error) => Err(Error::from(error).within(block.offset())),
                    },
                );
            }
        };
        Ok(match one.map(|verified| verified.map(|signed| signed.payload())) {
            Ok(verified) => vouchers.add_one(&verified),
            Err(error) => Err(Error::from(error).within(block.offset())),
        })
    }

    fn check_form(&self, block: &Block<'_>, profile: &Profile) -> Result<(), Error> {
        block.message(profile).map(drop)
    }
}

/// Checks blocks that are a COSE_Sign1, and nothing else: for a bootloader whose firmware is signed
/// so. What reads the other kinds, their recipients and key agreements, is then not linked.
///
/// A block of another kind is [`Unsupported::Block`], and counts for nothing.
#[derive(Clone, Copy)]
pub struct Sign1Only<'t> {
    keys: &'t dyn KeyResolver,
}

impl<'t> Sign1Only<'t> {
    /// Trusts these keys.
    pub const fn new(keys: &'t dyn KeyResolver) -> Self {
        Self { keys }
    }
}

impl core::fmt::Debug for Sign1Only<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Sign1Only").finish_non_exhaustive()
    }
}

impl Authenticator for Sign1Only<'_> {
    fn authenticate<'a>(
        &self,
        block: &Block<'a>,
        digest: &'a [u8],
        _: &SignPolicy<'_>,
        vouchers: &mut Vouchers<'a>,
        context: &Context<'_>,
    ) -> Result<Result<(), Error>, Error> {
        // Matched where they are made: they are large.
        let message = &sign1(block, &context.profile);
        let message = match message {
            Ok(message) => message,
            Err(error) if error.kind() == UNSUPPORTED => return Ok(Err(*error)),
            Err(error) => return Err(*error),
        };
        Ok(match &by_one(message, digest, self.keys, context) {
            Ok(verified) => vouchers.add_one(verified),
            Err(error) => Err(Error::from(*error).within(block.offset())),
        })
    }

    fn check_form(&self, block: &Block<'_>, profile: &Profile) -> Result<(), Error> {
        match sign1(block, profile).map(drop) {
            // What it is, is for others to say.
            Err(error) if error.kind() == UNSUPPORTED => Ok(()),
            checked => checked,
        }
    }
}

/// Who made a block, or why nobody here did.
#[inline(never)]
fn by_one<'a>(
    message: &Sign1<'a>,
    digest: &'a [u8],
    keys: &dyn KeyResolver,
    context: &Context<'_>,
) -> Result<Verified<&'a [u8]>, cose_ext::Error> {
    match &message.verify(&Input::detached(digest), keys, context) {
        Ok(verified) => Ok(verified.map(|signed| signed.payload())),
        Err(error) => Err(*error),
    }
}

const UNSUPPORTED: ErrorKind = ErrorKind::Unsupported(Unsupported::Block);

/// The tags of COSE_Mac0, COSE_Mac and COSE_Sign, encoded.
const OTHER_TAGS: [&[u8]; 3] = [&[0xd1], &[0xd8, 97], &[0xd8, 98]];

#[inline(never)] // It reads blocks at two places.
fn sign1<'a>(block: &Block<'a>, profile: &Profile) -> Result<Sign1<'a>, Error> {
    if OTHER_TAGS.iter().any(|tag| block.bytes().starts_with(tag)) {
        return Err(Error::new(UNSUPPORTED).at(block.offset()));
    }
    let message = Sign1::decode_tagged(block.bytes(), profile);
    let message = message.map_err(|error| block.refused(error))?;
    match message.danger_unverified_payload() {
        None => Ok(message),
        Some(payload) => {
            let fact = Fact::Count(payload.len());
            Err(Error::malformed(Rule::BlockDetached, fact, block.offset()))
        }
    }
}

/// Reads a message of any kind.
pub(super) fn any<'a>(block: &Block<'a>, profile: &Profile) -> Result<Authenticated<'a>, Error> {
    Authenticated::decode_tagged(block.bytes(), profile).map_err(|error| block.refused(error))
}
