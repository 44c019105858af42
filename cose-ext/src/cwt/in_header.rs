//! Claims and tokens that a header carries (RFC 9597, RFC 9528 10.6).

use super::{Claims, Cwt};
use crate::{Error, Label, Profile, Rule, cbor::Raw, header::Bucket};

impl<'a> Bucket<'a> {
    /// Reads the CWT Claims of this bucket (RFC 9597).
    ///
    /// The specification recommends the protected bucket. Anybody can have put claims into the
    /// unprotected one.
    ///
    /// # Errors
    ///
    /// If it is not a map, or a registered claim has another type than its own.
    pub fn cwt_claims(&self) -> Result<Option<Claims<'a>>, Error> {
        self.find(Label::CWT_CLAIMS).map(|value| Claims::of(&value)).transpose()
    }

    /// Reads `kcwt`, a signed CWT whose `cnf` names a key (RFC 9528 10.6).
    ///
    /// It is untrusted until that token is verified under a key of whoever vouches for keys.
    ///
    /// # Errors
    ///
    /// If it is not a CWT with a COSE_Sign1.
    pub fn kcwt(&self, profile: &Profile) -> Result<Option<Cwt<'a>>, Error> {
        let read = |value: Raw<'a>| {
            Cwt::decode(value.bytes(), profile).map_err(|error| error.within(value.offset()))
        };
        self.find(Label::KCWT).map(read).transpose()
    }

    /// Reads `kccs`, a CWT claims set whose `cnf` names a key (RFC 9528 10.6).
    ///
    /// Nobody signed it: the key is a hint, until you find it among your trusted keys.
    ///
    /// # Errors
    ///
    /// If it is not a claims set, or its `cnf` has no COSE_Key.
    pub fn kccs(&self) -> Result<Option<Claims<'a>>, Error> {
        let Some(value) = self.find(Label::KCCS) else { return Ok(None) };
        let claims = Claims::of(&value)?;
        match claims.confirmation()?.and_then(|confirmation| confirmation.key().copied()) {
            Some(_) => Ok(Some(claims)),
            None => Err(Error::malformed(Rule::KccsForm, value.offset())),
        }
    }
}
