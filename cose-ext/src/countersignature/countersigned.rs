//! The parts of a message that a countersignature covers (RFC 9338 3.3).

use super::Target;
use crate::header::Protected;

/// What a countersignature covers of its target, as received: the protected bucket, the content,
/// and the signature or tag. Unprotected buckets, signatures of a COSE_Sign and recipients are not
/// in here.
///
/// Buckets live as long as the messages (`'a`). `C` is the content, or `()` where it was streamed:
/// then the caller keeps it.
#[derive(Clone, Copy, Debug)]
pub struct Countersigned<'a, C> {
    target: Protected<'a>,
    content: C,
    authenticator: Option<&'a [u8]>,
    countersigner: Protected<'a>,
}

impl<'a, C: Copy> Countersigned<'a, C> {
    pub(super) const fn new(target: Target<'a>, content: C, countersigner: Protected<'a>) -> Self {
        let authenticator = target.authenticator();
        Self { target: *target.protected(), content, authenticator, countersigner }
    }

    /// Returns the protected bucket of the target.
    pub const fn target(&self) -> &Protected<'a> {
        &self.target
    }

    /// Returns the content of the target.
    ///
    /// That is the payload of a COSE_Sign1, COSE_Sign, COSE_Mac0 or COSE_Mac, the ciphertext of a
    /// COSE_Encrypt0, COSE_Encrypt or COSE_recipient, the signature of a COSE_Signature or
    /// countersignature.
    pub const fn content(&self) -> C {
        self.content
    }

    /// Returns the signature of a COSE_Sign1, or the tag of a COSE_Mac0 or COSE_Mac.
    ///
    /// The countersigner states that it existed. `None` where the target has nothing beside its
    /// content, and under RFC 8152, which leaves it out.
    pub const fn authenticator(&self) -> Option<&'a [u8]> {
        self.authenticator
    }

    /// Returns the protected bucket of the countersignature itself. An abbreviated one has no
    /// bucket, and this is empty.
    pub const fn protected(&self) -> &Protected<'a> {
        &self.countersigner
    }
}
