//! Claims and tokens that a header carries (RFC 9597, RFC 9528 10.6).

use super::{Claims, Cwt};
use crate::{Error, Label, Profile, Rule, cbor::Raw, header::Bucket};

impl<'a> Bucket<'a> {
    /// CWT Claims (RFC 9597). The specification recommends the protected bucket; claims read from
    /// the unprotected one are anybody's.
    ///
    /// # Errors
    /// If it is no map, or a registered claim has another type than its own.
    pub fn cwt_claims(&self) -> Result<Option<Claims<'a>>, Error> {
        self.find(Label::CWT_CLAIMS).map(|value| Claims::of(&value)).transpose()
    }

    /// `kcwt`, a signed CWT that names a key in its `cnf` (RFC 9528 10.6). Untrusted until that token
    /// is verified, by whoever vouches for keys.
    ///
    /// # Errors
    /// If it is no CWT with a COSE_Sign1.
    pub fn kcwt(&self, profile: &Profile) -> Result<Option<Cwt<'a>>, Error> {
        let read = |value: Raw<'a>| {
            Cwt::decode(value.bytes(), profile).map_err(|error| error.within(value.offset()))
        };
        self.find(Label::KCWT).map(read).transpose()
    }

    /// `kccs`, a CWT claims set that names a key in its `cnf` (RFC 9528 10.6). Nobody signed it: the
    /// key is a hint, until it is found among trusted ones.
    ///
    /// # Errors
    /// If it is no claims set, or its `cnf` has no COSE_Key.
    pub fn kccs(&self) -> Result<Option<Claims<'a>>, Error> {
        let Some(value) = self.find(Label::KCCS) else { return Ok(None) };
        let claims = Claims::of(&value)?;
        match claims.confirmation()?.and_then(|confirmation| confirmation.key().copied()) {
            Some(_) => Ok(Some(claims)),
            None => Err(Error::malformed(Rule::KccsForm, value.offset())),
        }
    }
}
