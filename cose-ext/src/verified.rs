//! Values that somebody vouches for.

use crate::{
    Context, Digest, Error, Notes, Profile, SignedBy, cbor::Raw, context::total_len,
    error::Verification,
};

/// A value that a signature, a MAC or a signed digest vouches for, and by whom.
///
/// ```
/// use cose_ext::{Signed, Verified, key::Identity};
/// fn accept<'p>(signed: &Verified<Signed<'_, 'p>>, vendor: Identity) -> Option<&'p [u8]> {
///     // What was signed, and which key of the trust store signed it.
///     (signed.by().identity() == vendor).then(|| signed.value().payload())
/// }
/// ```
///
/// Only a `verify` of this crate makes one. From there:
///
/// | to | use |
/// |---|---|
/// | read the value | [`value`](Self::value), [`into_value`](Self::into_value) |
/// | learn which key, issuer and algorithm | [`by`](Self::by), which is a [`SignedBy`] |
/// | go on to a part, still verified | [`try_map`](Self::try_map), [`map`](Self::map) |
/// | go through many parts | [`into_items`](Self::into_items) |
/// | check a file or an image by a signed digest | [`vouch_for`](Verified::vouch_for) |
/// | keep what was read before the check | [`with_facts`](Verified::with_facts) |
/// | join signatures over equal values | [`and_by`](Verified::and_by) |
///
/// This stops accidents: unsigned data does not get in by a mistaken variable or a forgotten check.
/// It does not stop a determined author, who can smuggle values through a `Cell`, a channel or a
/// thread-local that a plain `fn` reads.
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
/// use cose_ext::SignedBy;
/// fn forge(by: SignedBy) -> SignedBy {
///     SignedBy { signature: 1, ..by } // nor can a signer be altered
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

impl<T, B> Verified<T, B> {
    pub(crate) const fn new(value: T, by: B) -> Self {
        Self { value, by }
    }

    /// Returns the value.
    pub const fn value(&self) -> &T {
        &self.value
    }

    /// Returns the value without who vouches for it.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Returns who vouches.
    pub const fn by(&self) -> &B {
        &self.by
    }

    /// Returns a reference to the value, vouched for as the value is: to read on in a value that is
    /// owned.
    pub const fn as_ref(&self) -> Verified<&T, B>
    where
        B: Copy,
    {
        Verified { value: &self.value, by: self.by }
    }

    /// Returns the value with a reference to who vouches for it: for machines that keep many
    /// verified values of one signature, each as small as the value.
    pub const fn by_ref(&self) -> Verified<T, &B>
    where
        T: Copy,
    {
        Verified { value: self.value, by: &self.by }
    }

    /// Whoever vouches, to join others to them.
    pub(crate) const fn by_mut(&mut self) -> &mut B {
        &mut self.by
    }

    /// The value beside another that stands in what was verified.
    pub(crate) fn joined<U>(self, other: U) -> Verified<(T, U), B> {
        Verified { value: (self.value, other), by: self.by }
    }

    /// Reads the value further with a function that cannot fail, as [`try_map`](Self::try_map) does
    /// with one that can.
    ///
    /// ```compile_fail,E0308
    /// use cose_ext::Verified;
    /// fn slip_in<'a>(verified: Verified<&'a [u8]>, unsigned: &'a [u8]) -> Verified<&'a [u8]> {
    ///     verified.map(|_| unsigned) // captures `unsigned`
    /// }
    /// ```
    pub fn map<U>(self, read: fn(T) -> U) -> Verified<U, B> {
        Verified { value: read(self.value), by: self.by }
    }

    /// Reads the value further.
    ///
    /// `read` must be a function or a closure that captures nothing, so that no unverified data is
    /// mixed in by accident.
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
    ///
    /// Those of `read`.
    pub fn try_map<U, E>(self, read: fn(T) -> Result<U, E>) -> Result<Verified<U, B>, E> {
        Ok(Verified { value: read(self.value)?, by: self.by })
    }

    /// Reads the value further with a decoder that takes a [`Profile`], and is otherwise like
    /// [`try_map`](Self::try_map). Every `decode` function of these crates has this signature.
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
    ///
    /// Those of `read`.
    pub fn try_map_within<U, E>(
        self,
        profile: &Profile,
        read: fn(T, &Profile) -> Result<U, E>,
    ) -> Result<Verified<U, B>, E> {
        Ok(Verified { value: read(self.value, profile)?, by: self.by })
    }

    /// Reads a value of many items further, one at a time, each vouched for as the whole is. The
    /// caller chooses among verified items, for example a submodule by its name:
    ///
    /// ```
    /// use cose_ext::{Verified, cbor::Raw, header::{Label, Parameters}};
    /// fn parameter<'a>(
    ///     verified: Verified<Parameters<'a>>,
    ///     label: Label<'_>,
    /// ) -> Option<Verified<Raw<'a>>> {
    ///     let found = verified.into_items().find(|item| item.value().0 == label)?;
    ///     found.try_map(|(_, value)| Ok::<_, ()>(value)).ok()
    /// }
    /// ```
    ///
    pub fn into_items(self) -> VerifiedItems<T::IntoIter, B>
    where
        T: IntoIterator,
    {
        VerifiedItems { items: self.value.into_iter(), by: self.by }
    }
}

impl<T, B: Copy> Verified<T, &B> {
    /// Returns the value with who vouches for it instead of a reference to them: what
    /// [`by_ref`](Verified::by_ref) began, after the value was read further.
    pub fn by_value(self) -> Verified<T, B> {
        Verified { value: self.value, by: *self.by }
    }
}

impl<T> Verified<T> {
    /// Adds what a later step accepted leniently to [`SignedBy::notes`]. A note only takes from
    /// what a verdict says, so anybody may add one.
    pub const fn noting(mut self, notes: Notes) -> Self
    where
        T: Copy,
    {
        self.by = self.by.with_notes(notes);
        self
    }
}

impl<T, B> Verified<Option<T>, B> {
    /// Turns a value that may be absent inside out.
    pub fn transpose(self) -> Option<Verified<T, B>> {
        let by = self.by;
        self.value.map(|value| Verified { value, by })
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
    /// Lets the signed digest vouch for the bytes whose digest it is: all of `parts`, one after the
    /// other. The provider of `context` hashes them.
    ///
    /// Only a digest vouches. A verified byte string that happens to be 32 bytes long does not:
    ///
    /// ```compile_fail,E0599
    /// use cose_ext::{Context, Verified};
    /// fn vouch<'a>(verified: Verified<&'a [u8]>, bytes: &[&[u8]], context: &Context<'_>) {
    ///     let _ = verified.vouch_for(bytes, context);
    /// }
    /// ```
    ///
    /// The list of parts need not live as long as the parts:
    ///
    /// ```
    /// use cose_ext::{Context, Digest, Error, Verified};
    /// fn image<'m>(
    ///     digest: &Verified<Digest<'_>>,
    ///     header: &'m [u8],
    ///     image: &'m [u8],
    ///     context: &Context<'_>,
    /// ) -> Result<Verified<&'m [u8]>, Error> {
    ///     let parts = [header, image];
    ///     let vouched = digest.vouch_for(&parts, context)?;
    ///     Ok(vouched.map(|parts| parts.last().copied().unwrap_or_default()))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Verification::DigestMismatch`] if the digests differ;
    /// [`Unsupported::Hash`](crate::error::Unsupported::Hash).
    pub fn vouch_for<'r, 'p>(
        &self,
        parts: &'r [&'p [u8]],
        context: &Context<'_>,
    ) -> Result<Verified<&'r [&'p [u8]], B>, Error> {
        self.check(parts, context)?;
        Ok(Verified { value: parts, by: self.by })
    }

    /// Lets the signed digest vouch for bytes that stand in one piece.
    ///
    /// # Errors
    ///
    /// As [`vouch_for`](Self::vouch_for).
    pub fn vouch_for_bytes<'p>(
        &self,
        bytes: &'p [u8],
        context: &Context<'_>,
    ) -> Result<Verified<&'p [u8], B>, Error> {
        self.check(&[bytes], context)?;
        Ok(Verified { value: bytes, by: self.by })
    }

    /// Lets the signed digest vouch for an encoded item, head included, which keeps its place in
    /// the input: a severed member, a submodule.
    ///
    /// # Errors
    ///
    /// As [`vouch_for`](Self::vouch_for), at the item.
    pub fn vouch_for_item<'p>(
        &self,
        item: &Raw<'p>,
        context: &Context<'_>,
    ) -> Result<Verified<Raw<'p>, B>, Error> {
        self.check(&[item.bytes()], context).map_err(|error| error.at(item.offset()))?;
        Ok(Verified { value: *item, by: self.by })
    }

    fn check(&self, parts: &[&[u8]], context: &Context<'_>) -> Result<(), Error> {
        let digest = context
            .begin(total_len(parts), |context| context.hash(self.value.algorithm(), parts))?;
        if digest.as_ref() == self.value.value() {
            Ok(())
        } else {
            Err(Verification::DigestMismatch.into())
        }
    }
}
