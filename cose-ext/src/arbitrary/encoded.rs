//! Views that own what they look at.

use alloc::vec::Vec;
use core::{fmt, marker::PhantomData};

use arbitrary::{Arbitrary, Error, Result, Unstructured};

/// A borrowed view that [`Encoded`] can hold the bytes of.
///
/// It is implemented for `Sign1<'static>` and its like, and `Of<'b>` is then `Sign1<'b>`. Implement
/// it for a view of your own, and your targets can take an `Encoded` of it.
pub trait View {
    /// The view, for as long as its bytes are borrowed.
    type Of<'b>;
    /// Why bytes are no such view.
    type Error: fmt::Debug;

    /// Reads `bytes` as the profile that accepts most does.
    ///
    /// # Errors
    ///
    /// Those of the type's own decoder.
    fn decode(bytes: &[u8]) -> core::result::Result<Self::Of<'_>, Self::Error>;

    /// Writes an encoding of what `u` chooses.
    ///
    /// # Errors
    ///
    /// Those of [`Arbitrary::arbitrary`].
    fn encode(u: &mut Unstructured<'_>) -> Result<Vec<u8>>;
}

/// The encoding of an arbitrary value, and the view of it. It can be decoded: that was tried when
/// it was made.
///
/// ```
/// use arbitrary::{Arbitrary, Unstructured};
/// use cose_ext::{arbitrary::Encoded, cwt::Claims};
///
/// let claims = Encoded::<Claims<'static>>::arbitrary(&mut Unstructured::new(&[1; 32]))?;
/// let view = claims.view().expect("can be decoded");
/// assert_eq!(view.bytes(), claims.bytes());
/// # Ok::<(), arbitrary::Error>(())
/// ```
pub struct Encoded<T> {
    bytes: Vec<u8>,
    kind: PhantomData<fn() -> T>,
}

impl<T: View> Encoded<T> {
    /// Returns the encoding.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the encoding, for a target that changes it.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Returns the view of it.
    ///
    /// # Errors
    ///
    /// None in truth: what cannot be decoded is never made. The decoder's type of errors stands
    /// here, since this library has no other way to say so than to panic.
    pub fn view(&self) -> core::result::Result<T::Of<'_>, T::Error> {
        T::decode(&self.bytes)
    }
}

impl<'a, T: View> Arbitrary<'a> for Encoded<T> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let bytes = T::encode(u)?;
        let can_be_decoded = T::decode(&bytes).is_ok();
        if can_be_decoded {
            Ok(Self { bytes, kind: PhantomData })
        } else {
            Err(Error::IncorrectFormat)
        }
    }

    fn size_hint(_: usize) -> (usize, Option<usize>) {
        (1, None)
    }
}

impl<T> Clone for Encoded<T> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), kind: PhantomData }
    }
}

impl<T> PartialEq for Encoded<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl<T> Eq for Encoded<T> {}

/// In hexadecimal, to be pasted where a crash is looked into.
impl<T> fmt::Debug for Encoded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("h'")?;
        for byte in &self.bytes {
            write!(f, "{byte:02x}")?;
        }
        f.write_str("'")
    }
}

/// Gives a view of cose-ext its `Of`, its `Error` and its `decode`; `encode` stands in the braces.
macro_rules! view {
    ($type:ident, |$bytes:ident| $decode:expr, |$u:ident| $encode:expr) => {
        impl $crate::arbitrary::View for $type<'static> {
            type Of<'b> = $type<'b>;
            type Error = $crate::Error;

            fn decode($bytes: &[u8]) -> Result<Self::Of<'_>, $crate::Error> {
                $decode
            }

            fn encode($u: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<Vec<u8>> {
                $encode
            }
        }
    };
}

pub(super) use view;
