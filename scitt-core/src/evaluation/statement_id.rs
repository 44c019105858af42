//! What a statement is known by.

use cose_ext::{
    Context, SigStructure, Value,
    cbor::{Array, Raw, Reader, Type},
    crypto::Algorithm,
    cwt::ClaimKey,
    error::Unsupported,
};

use crate::{Error, Rule, Statement, StatementBuilder};

/// What a statement is known by: the SHA-256 digest of what its issuer signed, without external
/// data. Another signature over the same content does not change it, nor does a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId([u8; 32]);

impl StatementId {
    /// The claim that names the statements which this one takes the place of: a byte string with
    /// the identity of one, or an array of them.
    pub const SUPERSEDES: &'static str = "supersedes";
    /// The claim that names the statements which this one takes back.
    pub const WITHDRAWS: &'static str = "withdraws";

    /// Returns the identity of a statement.
    ///
    /// # Errors
    ///
    /// If the provider has no SHA-256, or the meter of `context` is spent.
    pub fn of(statement: &Statement<'_, '_>, context: &Context<'_>) -> Result<Self, Error> {
        let protected = statement.protected().as_received();
        let signed = SigStructure::signature1(protected, &[], statement.payload());
        let digest = context.hash(Algorithm::SHA256, &signed.parts())?;
        let missing = cose_ext::Error::from(Unsupported::Hash(Algorithm::SHA256));
        Ok(Self(digest.as_ref().try_into().map_err(|_| missing)?))
    }

    /// Returns the bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The identities in a claim.
    pub(super) fn in_claim(raw: &Raw<'_>) -> Result<alloc::vec::Vec<Self>, Error> {
        let one = |raw: &Raw<'_>| {
            let malformed = Error::broken(Rule::ReplacingClaims, raw.offset());
            let bytes = raw.read(Reader::bytes).map_err(|_| malformed)?;
            bytes.try_into().map(Self).map_err(|_| malformed)
        };
        match raw.data_type() {
            Type::Array => {
                let array = Array::new(raw).map_err(cose_ext::Error::from)?;
                array.iter().map(|raw| one(&raw)).collect()
            }
            _ => one(raw).map(|id| alloc::vec![id]),
        }
    }
}

impl StatementBuilder {
    /// Makes a statement that takes the place of these, which have to be the issuer's own.
    #[must_use]
    pub fn superseding(self, statements: &[StatementId]) -> Self {
        self.naming(StatementId::SUPERSEDES, statements)
    }

    /// Makes a statement that takes these back, which have to be the issuer's own.
    #[must_use]
    pub fn withdrawing(self, statements: &[StatementId]) -> Self {
        self.naming(StatementId::WITHDRAWS, statements)
    }

    fn naming(self, claim: &'static str, statements: &[StatementId]) -> Self {
        let ids: alloc::vec::Vec<_> = statements.iter().map(|id| Value::Bytes(&id.0)).collect();
        self.claim(ClaimKey::text(claim), Value::Array(&ids))
    }
}
