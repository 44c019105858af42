use crate::{
    Digest, Error, Profile,
    crypto::{Algorithm, HashFunction},
    error::{Misuse, Verification},
    key::Identity,
};

/// A value that a signature, a MAC or a signed digest vouches for, and by whom.
///
/// Only a `verify` of this crate makes one. It grows in three ways: by reading what it holds
/// ([`try_map`](Self::try_map), [`into_items`](Self::into_items)), by a signed digest that vouches for bytes
/// ([`vouch_for`](Verified::vouch_for)), and by joining two ([`and`](Self::and)). None of them lets
/// anything in that was not signed.
///
/// There is no other way to make one:
///
/// ```compile_fail,E0451
/// use cose_ext::Verified;
/// fn forge(by: cose_ext::SignedBy) -> Verified<u8> {
///     Verified { value: 1, by } // the fields are private
/// }
/// ```
///
/// ```compile_fail,E0624
/// use cose_ext::Verified;
/// fn forge(by: cose_ext::SignedBy) -> Verified<u8> {
///     Verified::new(1, by) // so is the constructor
/// }
/// ```
///
/// ```compile_fail,E0451
/// use cose_ext::{SignedBy, crypto::Algorithm, key::Identity};
/// fn forge(identity: Identity) -> SignedBy {
///     SignedBy { identity, algorithm: Algorithm::ES256, signature: 0 } // nor is there a signer
/// }
/// ```
///
/// ```compile_fail,E0277
/// use cose_ext::Verified;
/// fn forge() -> Verified<u8> {
///     Default::default() // nor a default
/// }
/// ```
///
/// What was verified cannot be changed in place:
///
/// ```compile_fail,E0594
/// use cose_ext::Verified;
/// fn swap<'a>(verified: &mut Verified<&'a [u8]>, unsigned: &'a [u8]) {
///     *verified.value() = unsigned; // a shared reference
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verified<T, B = SignedBy> {
    value: T,
    by: B,
}

/// Which key vouches, with which algorithm, in which signature of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedBy {
    identity: Identity,
    algorithm: Algorithm,
    signature: usize,
}

impl SignedBy {
    pub(crate) const fn new(identity: Identity, algorithm: Algorithm, signature: usize) -> Self {
        Self { identity, algorithm, signature }
    }

    /// Who the trust store says the key is. Of several keys that share a kid, the one that verified.
    pub const fn identity(&self) -> Identity {
        self.identity
    }

    /// The algorithm of the header.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Which signature of the message, counted from zero; a COSE_Sign1 has one.
    pub const fn signature(&self) -> usize {
        self.signature
    }
}

impl<T, B> Verified<T, B> {
    pub(crate) const fn new(value: T, by: B) -> Self {
        Self { value, by }
    }

    /// The value.
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// The value, without who vouches for it.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Who vouches.
    pub const fn by(&self) -> &B {
        &self.by
    }

    /// Reads the value further.
    ///
    /// `read` is a plain `fn`: it sees what was verified and nothing else, since a closure that
    /// captures is none.
    ///
    /// ```compile_fail,E0308
    /// use cose_ext::Verified;
    /// fn slip_in<'a>(verified: Verified<&'a [u8]>, unsigned: &'a [u8]) -> Verified<&'a [u8]> {
    ///     verified.try_map(|_| Ok::<_, ()>(unsigned)).unwrap() // captures `unsigned`
    /// }
    /// ```
    ///
    /// ```
    /// use cose_ext::Verified;
    /// fn read<'a>(verified: Verified<&'a [u8]>) -> Verified<usize> {
    ///     verified.try_map(|bytes| Ok::<_, ()>(bytes.len())).unwrap()
    /// }
    /// ```
    ///
    /// # Errors
    /// Those of `read`.
    pub fn try_map<U, E>(self, read: fn(T) -> Result<U, E>) -> Result<Verified<U, B>, E> {
        Ok(Verified { value: read(self.value)?, by: self.by })
    }

    /// Reads the value further, within `profile`; otherwise as [`try_map`](Self::try_map).
    /// Decoders of this house have the form that `read` asks for.
    ///
    /// ```
    /// use cose_ext::{Context, Error, Verified, cwt::Claims};
    /// fn read<'a>(
    ///     verified: Verified<&'a [u8]>,
    ///     context: &Context<'_>,
    /// ) -> Result<Verified<Claims<'a>>, Error> {
    ///     verified.try_map_within(&context.profile, Claims::decode)
    /// }
    /// ```
    ///
    /// # Errors
    /// Those of `read`.
    pub fn try_map_within<U, E>(
        self,
        profile: &Profile,
        read: fn(T, &Profile) -> Result<U, E>,
    ) -> Result<Verified<U, B>, E> {
        Ok(Verified { value: read(self.value, profile)?, by: self.by })
    }

    /// Reads a value of many items further, one at a time, each vouched for as the whole is. Which
    /// of them is meant, a submodule by its name for one, the caller finds among verified items:
    ///
    /// ```
    /// use cose_ext::{Label, Verified, cbor::Raw, header::Parameters};
    /// fn parameter<'a>(
    ///     verified: Verified<Parameters<'a>>,
    ///     label: Label<'_>,
    /// ) -> Option<Verified<Raw<'a>>> {
    ///     let found = verified.into_items().find(|item| item.value().0 == label)?;
    ///     found.try_map(|(_, value)| Ok::<_, ()>(value)).ok()
    /// }
    /// ```
    ///
    /// An iterator is a value that was verified like any other: nothing unsigned gets into one.
    pub fn into_items(self) -> VerifiedItems<T::IntoIter, B>
    where
        T: IntoIterator,
    {
        VerifiedItems { items: self.value.into_iter(), by: self.by }
    }

    /// Both values, each still with who vouches for it.
    pub fn and<U, C>(self, other: Verified<U, C>) -> Verified<(T, U), (B, C)> {
        Verified { value: (self.value, other.value), by: (self.by, other.by) }
    }
}

/// The items of a verified value ([`Verified::into_items`]). A machine can keep one between steps.
///
/// ```compile_fail,E0451
/// use cose_ext::{SignedBy, VerifiedItems};
/// fn forge<I>(items: I, by: SignedBy) -> VerifiedItems<I> {
///     VerifiedItems { items, by } // the fields are private
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct VerifiedItems<I, B = SignedBy> {
    items: I,
    by: B,
}

impl<I: Iterator, B: Copy> Iterator for VerifiedItems<I, B> {
    type Item = Verified<I::Item, B>;

    fn next(&mut self) -> Option<Self::Item> {
        self.items.next().map(|value| Verified { value, by: self.by })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl<B: Copy> Verified<Digest<'_>, B> {
    /// A signed digest vouches for the bytes whose digest it is: all of `parts`, concatenated.
    ///
    /// Only a digest does; a verified byte string that happens to be 32 bytes long does not:
    ///
    /// ```compile_fail,E0599
    /// use cose_ext::{Verified, crypto::HashFunction};
    /// fn vouch<'a>(verified: Verified<&'a [u8]>, bytes: &[&[u8]], hash: &dyn HashFunction) {
    ///     let _ = verified.vouch_for(bytes, hash);
    /// }
    /// ```
    ///
    /// The list of parts may be gone before the parts are:
    ///
    /// ```
    /// use cose_ext::{Digest, Error, Verified, crypto::HashFunction};
    /// fn image<'m>(
    ///     digest: &Verified<Digest<'_>>,
    ///     header: &'m [u8],
    ///     image: &'m [u8],
    ///     hash: &dyn HashFunction,
    /// ) -> Result<Verified<&'m [u8]>, Error> {
    ///     let parts = [header, image];
    ///     let vouched = digest.vouch_for(&parts, hash)?;
    ///     vouched.try_map(|parts| Ok(parts.last().copied().unwrap_or_default()))
    /// }
    /// ```
    ///
    /// # Errors
    /// If the digests differ, or `hash` is another hash function than the digest names.
    pub fn vouch_for<'r, 'p>(
        &self,
        parts: &'r [&'p [u8]],
        hash: &dyn HashFunction,
    ) -> Result<Verified<&'r [&'p [u8]], B>, Error> {
        self.check(parts, hash)?;
        Ok(Verified { value: parts, by: self.by })
    }

    /// The same for bytes that stand in one piece.
    ///
    /// # Errors
    /// As [`vouch_for`](Self::vouch_for).
    pub fn vouch_for_bytes<'p>(
        &self,
        bytes: &'p [u8],
        hash: &dyn HashFunction,
    ) -> Result<Verified<&'p [u8], B>, Error> {
        self.check(&[bytes], hash)?;
        Ok(Verified { value: bytes, by: self.by })
    }

    fn check(&self, parts: &[&[u8]], hash: &dyn HashFunction) -> Result<(), Error> {
        let digest = self.value;
        if hash.algorithm() != digest.algorithm() {
            return Err(Misuse::OtherHash {
                digest: digest.algorithm(),
                function: hash.algorithm(),
            }
            .into());
        }
        if hash.hash(parts).as_ref() == digest.value() {
            Ok(())
        } else {
            Err(Verification::DigestMismatch.into())
        }
    }
}
