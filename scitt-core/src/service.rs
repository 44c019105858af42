//! A transparency service, and its receipts.

use core::fmt;

use cose_ext::{Context, Verified};
use merkle_proof::cose::{
    Error as ReceiptError, Receipt, ReceiptInclusion, ReceiptReading, SignedRoot,
};

use crate::{
    EntryRule, Error, Included, LoggedStatement, ReceiptRules, Rule, ServiceKey, StatementEntries,
    found::Found, receipt::ReadReceipt, service_key::KeysOfOneRule,
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

/// Takes what a receipt shows: the entries of a statement, by which rule one of them is the leaf,
/// and the signed root that it is under.
pub(crate) type IsUnder<'f, 'a, 's> =
    dyn FnMut(&StatementEntries<'s>, &EntryRule, &Verified<SignedRoot<'a>>) + 'f;

impl TrustedService<'_> {
    /// Checks that this service logged the statement of `entries`: the proof of `receipt` leads
    /// from the statement's own entry to a root that a key of this service signed.
    ///
    /// Whether its issuer signed the statement is not checked.
    ///
    /// # Errors
    ///
    /// [`Rule::ReceiptTrusted`] if the receipt names no key of this service. Otherwise why it does
    /// not count for the statement.
    pub fn verify_inclusion<'a, 's>(
        &self,
        entries: &mut StatementEntries<'s>,
        receipt: &Receipt<'a>,
        rules: &ReceiptRules<'_>,
        context: &Context<'_>,
    ) -> Result<Included<'a, LoggedStatement<'s>>, Error> {
        let mut found = Found::nothing();
        self.find_root(entries, receipt, rules, context, &mut |entries, rule, root| {
            found.add(entries, rule, root);
        })?;
        found.first.ok_or(Error::refused(Rule::ReceiptTrusted))
    }

    /// Checks what [`verify_inclusion`](Self::verify_inclusion) checks, and shows `then` the signed
    /// root in the place where it was read: for a device with little stack.
    ///
    /// # Errors
    ///
    /// As [`verify_inclusion`](Self::verify_inclusion).
    pub fn with_root<'a>(
        &self,
        entries: &mut StatementEntries<'_>,
        receipt: &Receipt<'a>,
        rules: &ReceiptRules<'_>,
        context: &Context<'_>,
        then: &mut dyn FnMut(&Verified<SignedRoot<'a>>),
    ) -> Result<(), Error> {
        self.find_root(entries, receipt, rules, context, &mut |_, _, root| then(root))
    }

    fn find_root<'a, 's>(
        &self,
        entries: &mut StatementEntries<'s>,
        receipt: &Receipt<'a>,
        rules: &ReceiptRules<'_>,
        context: &Context<'_>,
        found: &mut IsUnder<'_, 'a, 's>,
    ) -> Result<(), Error> {
        let input = entries.len().saturating_add(receipt.message().bytes().len());
        let receipt = ReadReceipt::new(receipt);
        let mut refused = Error::refused(Rule::ReceiptTrusted);
        let counts = context.begin(input, |context| {
            self.verify_receipt(entries, &receipt, rules, context, &mut refused, found)
        });
        if counts { Ok(()) } else { Err(refused) }
    }

    /// Tries the keys that answer to the receipt, those of one entry rule together; tells
    /// `found` what it shows. Returns whether it counts; if not, `refused` is the most specific
    /// reason so far, or a limit.
    pub(crate) fn verify_receipt<'a, 's>(
        &self,
        entries: &mut StatementEntries<'s>,
        receipt: &ReadReceipt<'_, 'a>,
        rules: &ReceiptRules<'_>,
        context: &Context<'_>,
        refused: &mut Error,
        found: &mut IsUnder<'_, 'a, 's>,
    ) -> bool {
        for (place, key) in self.keys.iter().enumerate() {
            if !key.answers_to(receipt) {
                continue;
            }
            // Matched where it is made.
            match &self.verify_by((place, key), entries, receipt, rules, context, found) {
                Ok(()) => return true,
                // Another key of the service may answer to the same kid.
                Err(error) => refused.keep_more_specific(error),
            }
            if refused.is_limit() {
                break;
            }
        }
        false
    }

    /// Whether the key at `place` was tried together with one before it.
    fn was_tried(&self, place: usize, receipt: &ReadReceipt<'_, '_>) -> bool {
        let rule = self.keys.get(place).map(|key| key.entry_rule);
        self.keys.iter().take(place).any(|key| {
            Some(key.entry_rule) == rule && key.answers_to(receipt) && key.check(receipt).is_ok()
        })
    }

    /// Tries all keys that have the entry rule of `key`, unless one before it did.
    #[inline(never)]
    fn verify_by<'a, 's>(
        &self,
        (place, key): (usize, &ServiceKey<'_>),
        entries: &mut StatementEntries<'s>,
        receipt: &ReadReceipt<'_, 'a>,
        rules: &ReceiptRules<'_>,
        context: &Context<'_>,
        found: &mut IsUnder<'_, 'a, 's>,
    ) -> Result<(), Error> {
        let reading = key.reading(&rules.reading);
        // Matched where it is made.
        let inclusion = &self.inclusion((place, key), receipt, rules, &reading);
        let inclusion = inclusion.as_ref().map_err(|error| *error)?;
        let keys = KeysOfOneRule {
            keys: self.keys,
            entry_rule: key.entry_rule,
            issuer: self.issuer,
            receipt,
        };
        entries.with_entry(&key.entry_rule, context, |entries, entry| {
            let found = &mut |root: &_| found(entries, &key.entry_rule, root);
            inclusion.verify_then(entry, &keys, context, found).map_err(binding)
        })
    }

    /// Checks what no signature is needed for, and the form of the proofs: nothing is hashed for a
    /// receipt whose proofs are malformed.
    #[inline(never)] // So that its frame has ended before a signature is checked.
    fn inclusion<'a, 'r>(
        &self,
        (place, key): (usize, &ServiceKey<'_>),
        receipt: &ReadReceipt<'r, 'a>,
        rules: &ReceiptRules<'_>,
        reading: &'r ReceiptReading<'r>,
    ) -> Result<ReceiptInclusion<'a, 'r>, Error> {
        key.check(receipt)?;
        if self.was_tried(place, receipt) {
            // What that one came to is known; this says no more than that no key is trusted.
            return Err(Error::refused(Rule::ReceiptTrusted));
        }
        self.check_issuer(receipt)?;
        rules.requirements.check(receipt.unmet_requirements())?;
        Ok(receipt.receipt.inclusion(reading)?)
    }

    fn check_issuer(&self, receipt: &ReadReceipt<'_, '_>) -> Result<(), Error> {
        let Some(enrolled) = self.issuer else { return Ok(()) };
        match (receipt.facts.fault, receipt.facts.issuer) {
            (_, Some(claimed)) if claimed == enrolled => Ok(()),
            (Some(fault), None) => Err(fault.into()),
            _ => Err(Error::refused(Rule::ReceiptIssuer)),
        }
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

impl fmt::Debug for TrustedService<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrustedService")
            .field("name", &self.name)
            .field("issuer", &self.issuer)
            .field("keys", &self.keys)
            .finish()
    }
}
