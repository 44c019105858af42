//! A countersignature that is countersigned itself.

use alloc::vec::Vec;

use super::Countersignature;
use crate::{Error, MapBuilder, frame::no_exemption, header::replace_unprotected};

impl Countersignature<'_> {
    /// Returns this countersignature with another unprotected bucket, for example with another
    /// countersignature added.
    ///
    /// # Errors
    ///
    /// If the new bucket breaks a rule.
    pub fn with_unprotected(&self, unprotected: &MapBuilder) -> Result<Vec<u8>, Error> {
        replace_unprotected(
            (self.bytes(), self.offset()),
            self.headers(),
            unprotected,
            no_exemption,
        )
    }
}
