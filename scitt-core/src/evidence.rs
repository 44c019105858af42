//! What a decision to register rested on.

use alloc::vec::Vec;

use cose_ext::{
    Input, Payload, Profile, Value,
    cbor::{Array, Int, Item, Raw, Reader, Strictness},
};

use crate::{Entry, Error, Rule, SignedStatement};

/// What a decision to register rested on, so that anybody can make it again (RFC 9943 5.1.1.2): the
/// statement as it was submitted, with the unprotected header that the policy saw and the log does
/// not hold; a payload that came apart; and the time of the decision.
///
/// Encoded it is an array of four: statement, payload or nil, external data, seconds since
/// 1970-01-01T00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence<'e> {
    /// The statement as submitted.
    pub submitted: &'e [u8],
    /// Its payload, where it came apart.
    pub payload: Option<&'e [u8]>,
    /// External data that the signature covers, empty where there is none.
    pub external_aad: &'e [u8],
    /// When it was decided, in seconds since 1970-01-01T00:00Z.
    pub decided_at: i64,
}

impl<'e> Evidence<'e> {
    /// Returns the encoding.
    pub fn encode(&self) -> Vec<u8> {
        Value::Array(&[
            Value::Bytes(self.submitted),
            self.payload.map_or(Value::Null, Value::Bytes),
            Value::Bytes(self.external_aad),
            Value::Int(Int::new(self.decided_at)),
        ])
        .to_bytes()
    }

    /// Reads what [`encode`](Self::encode) wrote. It is as trustworthy as the place where it was
    /// kept: the leaf of the tree says whether the statement is the one that was registered.
    ///
    /// # Errors
    ///
    /// [`Rule::DecisionReplayable`] if it is something else.
    pub fn decode(bytes: &'e [u8], profile: &Profile) -> Result<Self, Error> {
        let broken = |_| Error::broken(Rule::DecisionReplayable, 0);
        let limits = &profile.limits.cbor;
        let whole = Raw::decode(bytes, 0, Strictness::LENIENT, limits).map_err(broken)?;
        let parts = Array::new(&whole).and_then(|parts| parts.exactly());
        let [submitted, payload, external_aad, at] = parts.map_err(broken)?;
        let payload = match payload.read(Reader::item).map_err(broken)? {
            Item::Null => None,
            _ => Some(payload.read(Reader::bytes).map_err(broken)?),
        };
        let decided_at = at.read(Reader::int).map_err(broken)?.to_i64();
        Ok(Self {
            submitted: submitted.read(Reader::bytes).map_err(broken)?,
            payload,
            external_aad: external_aad.read(Reader::bytes).map_err(broken)?,
            decided_at: decided_at.ok_or(Error::broken(Rule::DecisionReplayable, at.offset()))?,
        })
    }

    /// Returns where the payload is, and the external data.
    #[must_use]
    pub fn input(&self) -> Input<'e, 'e> {
        let input = match self.payload {
            Some(payload) => Input::detached(payload),
            None => Input::embedded(),
        };
        input.with_external_aad(self.external_aad)
    }

    /// Returns the statement with an empty unprotected header: what was registered (RFC 9943 6.3).
    ///
    /// # Errors
    ///
    /// If what was submitted is not a statement.
    pub fn statement(&self, profile: &Profile) -> Result<Vec<u8>, Error> {
        let statement = SignedStatement::decode(self.submitted, profile)?;
        Ok(Entry::as_received(statement.message()).parts().concat())
    }

    pub(crate) fn of(submitted: &'e [u8], input: &Input<'e, 'e>, decided_at: i64) -> Self {
        let payload = match input.payload() {
            Payload::Embedded => None,
            Payload::Detached(payload) => Some(payload),
        };
        let external_aad = input.supplied().external_aad;
        Self { submitted, payload, external_aad, decided_at }
    }
}
