use core::fmt;

use cose_ext::{
    Context, Payload, Sign1, crypto::Algorithm, error::Misuse, header::Vds, key::TrustedKey,
};
use merkle_proof::cose::{Error as ReceiptError, Receipt, ReceiptReading};

use crate::{
    EntryRule, Error, Included, Requirements, Rule, SignedStatement, requirements::receipt_gaps,
};

/// A transparency service as the relying party trusts it: one party, with however many keys. One
/// that spells its issuer in several ways has an entry for each spelling, all of one name.
#[derive(Clone, Copy)]
pub struct TrustedService<'a> {
    /// The party's name in the trust store: what verdicts show, and what k of n counts.
    pub name: &'a str,
    /// The issuer that its receipts claim. `None`: not compared.
    pub issuer: Option<&'a str>,
    /// Its keys, past and present.
    pub keys: &'a [ServiceKey<'a>],
}

/// A key of a service, pinned with everything that its receipts are read by.
#[derive(Clone, Copy, Debug)]
pub struct ServiceKey<'a> {
    /// The key.
    pub key: TrustedKey<'a>,
    /// `kid` of its receipts. `None`: it is offered to every receipt.
    pub key_id: Option<&'a [u8]>,
    /// The algorithm of its receipts.
    pub algorithm: Algorithm,
    /// The data structure of its receipts. Any but RFC9162_SHA256 is accepted because it stands
    /// here, by name.
    pub vds: Vds,
    /// Which bytes of a statement are its entry.
    pub entry_rule: EntryRule,
    /// Whether its receipts are still good.
    pub status: KeyStatus,
}

/// See [`ServiceKey::status`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// In use.
    Current,
    /// No longer in use, and its receipts are refused.
    Retired,
    /// No longer in use, and its receipts are accepted by explicit choice of the relying party.
    RetiredAccepted,
    /// In other hands: its receipts are refused whatever time they claim, since the holder sets it.
    Compromised,
}

impl<'a> ServiceKey<'a> {
    /// A key in use, of an RFC 9162 log with the default entry rule.
    pub const fn new(key: TrustedKey<'a>, algorithm: Algorithm) -> Self {
        Self {
            key,
            key_id: None,
            algorithm,
            vds: Vds::RFC9162_SHA256,
            entry_rule: EntryRule::DEFAULT,
            status: KeyStatus::Current,
        }
    }

    /// The same for receipts with this `kid`.
    #[must_use]
    pub const fn with_key_id(mut self, key_id: &'a [u8]) -> Self {
        self.key_id = Some(key_id);
        self
    }

    /// The same for another data structure.
    #[must_use]
    pub const fn with_vds(mut self, vds: Vds) -> Self {
        self.vds = vds;
        self
    }

    /// The same with another entry rule.
    #[must_use]
    pub const fn with_entry_rule(mut self, entry_rule: EntryRule) -> Self {
        self.entry_rule = entry_rule;
        self
    }

    /// The same with another status.
    #[must_use]
    pub const fn with_status(mut self, status: KeyStatus) -> Self {
        self.status = status;
        self
    }

    /// A key offered to receipts that name it, or name none, or when none is enrolled.
    fn answers_to(&self, receipt: &Sign1<'_>) -> bool {
        match (self.key_id, receipt.headers().protected().key_id()) {
            (Some(enrolled), Ok(Some(named))) => enrolled == named,
            (_, Ok(_)) => true,
            (_, Err(_)) => false,
        }
    }

    fn check(&self, receipt: &Receipt<'_>) -> Result<(), Error> {
        match self.status {
            KeyStatus::Current | KeyStatus::RetiredAccepted => {}
            KeyStatus::Retired | KeyStatus::Compromised => {
                return Err(Error::refused(Rule::ServiceKeyStatus));
            }
        }
        if receipt.message().algorithm()? != self.algorithm || receipt.vds() != self.vds {
            return Err(Error::refused(Rule::ServiceKeyPinned));
        }
        Ok(())
    }

    /// The structure that the key is enrolled with is accepted, since it stands there by name.
    fn reading<'r>(&self, reading: &ReceiptReading<'r>) -> ReceiptReading<'r> {
        match self.vds {
            Vds::CCF_LEDGER_SHA256 => reading.with_ccf_ledger(),
            Vds::MMR_SHA256 => reading.with_mmr(),
            _ => *reading,
        }
    }
}

impl TrustedService<'_> {
    /// Checks that this service logged `statement`: the proof of `receipt` leads from the
    /// statement's own entry to a root that a key of this service signed.
    ///
    /// `payload` says where the payload of the statement is. Whether its issuer signed it is not
    /// checked.
    ///
    /// # Errors
    /// [`Rule::ReceiptTrusted`] if the receipt names no key of this service. Otherwise why it does
    /// not count for the statement.
    pub fn verify_inclusion<'a, 's>(
        &self,
        statement: &SignedStatement<'s>,
        payload: Payload<'s>,
        receipt: &Receipt<'a>,
        reading: &ReceiptReading<'_>,
        requirements: Requirements,
        context: &Context<'_>,
    ) -> Result<Included<'a, SignedStatement<'s>>, Error> {
        let mut refused = Error::refused(Rule::ReceiptTrusted);
        for key in self.keys.iter().filter(|key| key.answers_to(receipt.message())) {
            let outcome =
                self.verify_by(key, statement, payload, receipt, reading, requirements, context);
            match outcome {
                Ok(included) => return Ok(included),
                // Another key of the service may answer to the same kid.
                Err(error) => refused = refused.graver(error),
            }
        }
        Err(refused)
    }

    #[allow(clippy::too_many_arguments)]
    fn verify_by<'a, 's>(
        &self,
        key: &ServiceKey<'_>,
        statement: &SignedStatement<'s>,
        payload: Payload<'s>,
        receipt: &Receipt<'a>,
        reading: &ReceiptReading<'_>,
        requirements: Requirements,
        context: &Context<'_>,
    ) -> Result<Included<'a, SignedStatement<'s>>, Error> {
        key.check(receipt)?;
        self.check_issuer(receipt)?;
        requirements.check(receipt_gaps(receipt.message()))?;
        let payload = payload_of(statement, payload)?;
        let entry = key.entry_rule.entry(statement.message(), payload);
        let reading = key.reading(reading);
        let root = match key.entry_rule.hash {
            None => receipt.verify_inclusion(&entry.parts(), &reading, &key.key, context),
            Some(algorithm) => {
                let function = context.hash_function(algorithm)?;
                let digest = entry.hash(function);
                receipt.verify_inclusion(&[digest.as_ref()], &reading, &key.key, context)
            }
        };
        let root = root.map_err(binding)?;
        let binds_payload = key.entry_rule.binds_payload(statement.message());
        Ok(Included::new(*statement, root, binds_payload))
    }

    fn check_issuer(&self, receipt: &Receipt<'_>) -> Result<(), Error> {
        let Some(enrolled) = self.issuer else { return Ok(()) };
        let claims = receipt.message().headers().protected().cwt_claims()?;
        let claimed = claims.map(|claims| claims.issuer()).transpose()?.flatten();
        if claimed == Some(enrolled) { Ok(()) } else { Err(Error::refused(Rule::ReceiptIssuer)) }
    }
}

/// A proof that leads elsewhere than the signed root, and a data hash of something else: a receipt
/// that is not one of this statement.
fn binding(error: ReceiptError) -> Error {
    use merkle_proof::{
        Rule::{CcfDataHash, RootSigned},
        cose::ErrorKind,
    };
    match error.kind() {
        ErrorKind::Verification { rule: RootSigned | CcfDataHash } => {
            Error::broken(Rule::ReceiptBinds, 0)
        }
        _ => Error::from(error),
    }
}

fn payload_of<'s>(
    statement: &SignedStatement<'s>,
    payload: Payload<'s>,
) -> Result<&'s [u8], Error> {
    let misuse = |misuse| Error::from(cose_ext::Error::from(misuse));
    match (payload, statement.message().danger_unverified_payload()) {
        (Payload::Embedded, Some(payload)) | (Payload::Detached(payload), None) => Ok(payload),
        (Payload::Streamed, _) => Err(misuse(Misuse::PayloadIsStreamed)),
        (Payload::Embedded, None) => Err(misuse(Misuse::PayloadIsDetached)),
        (Payload::Detached(_), Some(_)) => Err(misuse(Misuse::PayloadIsEmbedded)),
    }
}

impl fmt::Debug for TrustedService<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustedService")
            .field("name", &self.name)
            .field("issuer", &self.issuer)
            .field("keys", &self.keys)
            .finish()
    }
}
