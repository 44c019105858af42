//! The forms of all common header parameters at once (RFC 9052 3.1).

use super::Headers;
use crate::{Error, Label, Profile, Rule, cbor::Reader, error::Breaks};

impl Headers<'_> {
    /// Checks that each common parameter in either bucket has the type that its specification
    /// gives it: `alg`, `crit`, content type, kid, IV and Partial IV (RFC 9052 3.1), the
    /// certificates of RFC 9360, typ (RFC 9596), CWT claims (RFC 9597), the hash envelope
    /// (RFC 9995) and countersignatures (RFC 9338).
    ///
    /// A verification looks only at those that it uses; this is for whoever refuses a message for
    /// any of them. Parameters with other labels are not looked at, and nothing is verified.
    ///
    /// ```
    /// use cose_ext::{Profile, Rule, Sign1};
    ///
    /// // {1: -7, 3: h'78'}: the content type is a byte string.
    /// let message = b"\x84\x46\xa2\x01\x26\x03\x41\x78\xa0\x41x\x40";
    /// let message = Sign1::decode(message, &Profile::LENIENT)?; // nobody asked for it
    /// let error = message.headers().check_common(&Profile::LENIENT).unwrap_err();
    /// assert_eq!(error.rule(), Some(Rule::ContentTypeForm.to_ref()));
    /// # Ok::<(), cose_ext::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `Malformed` with the rule of the first parameter that is not of its type, as the reader of
    /// that parameter would say.
    pub fn check_common(&self, profile: &Profile) -> Result<(), Error> {
        self.protected().crit()?;
        for bucket in [&**self.protected(), self.unprotected()] {
            bucket.algorithm()?;
            bucket.key_id()?;
            bucket.content_type()?;
            for label in [Label::IV, Label::PARTIAL_IV] {
                if let Some(value) = bucket.find(label) {
                    value.read(Reader::bytes).breaks(Rule::NonceForm)?;
                }
            }
            bucket.typ()?;
            bucket.x5chain()?;
            bucket.x5bag()?;
            bucket.x5t()?;
            bucket.x5u()?;
            bucket.cwt_claims()?;
        }
        self.hash_envelope()?;
        self.countersignatures(profile)?;
        self.countersignature0()?;
        Ok(())
    }
}
