//! A transparency service, and its receipts.

use core::fmt;

use cose_ext::{Context, Verified};
use merkle_proof::cose::{Error as ReceiptError, Receipt, SignedRoot};

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
        let mut found = Found::NOTHING;
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
        context
            .begin(input, |context| self.verify_receipt(entries, &receipt, rules, context, found))
    }

    /// Tries the keys that answer to the receipt, those of one entry rule together; tells
    /// `found` what it shows.
    pub(crate) fn verify_receipt<'a, 's>(
        &self,
        entries: &mut StatementEntries<'s>,
        receipt: &ReadReceipt<'_, 'a>,
        rules: &ReceiptRules<'_>,
        context: &Context<'_>,
        found: &mut IsUnder<'_, 'a, 's>,
    ) -> Result<(), Error> {
        let mut refused = Error::refused(Rule::ReceiptTrusted);
        for (place, key) in self.keys.iter().enumerate() {
            if !key.answers_to(receipt) {
                continue;
            }
            let outcome = match key.check(receipt) {
                Ok(()) if self.was_tried(place, receipt) => continue,
                Ok(()) => self.verify_by(key, entries, receipt, rules, context, found),
                Err(error) => Err(error),
            };
            match outcome {
                Ok(()) => return Ok(()),
                Err(error) if error.is_limit() => return Err(error),
                // Another key of the service may answer to the same kid.
                Err(error) => refused = refused.more_specific(error),
            }
        }
        Err(refused)
    }

    /// Whether the key at `place` was tried together with one before it.
    fn was_tried(&self, place: usize, receipt: &ReadReceipt<'_, '_>) -> bool {
        let rule = self.keys.get(place).map(|key| key.entry_rule);
        self.keys.iter().take(place).any(|key| {
            Some(key.entry_rule) == rule && key.answers_to(receipt) && key.check(receipt).is_ok()
        })
    }

    /// Tries all keys that have the entry rule of `key`.
    #[inline(never)]
    fn verify_by<'a, 's>(
        &self,
        key: &ServiceKey<'_>,
        entries: &mut StatementEntries<'s>,
        receipt: &ReadReceipt<'_, 'a>,
        rules: &ReceiptRules<'_>,
        context: &Context<'_>,
        found: &mut IsUnder<'_, 'a, 's>,
    ) -> Result<(), Error> {
        self.check_issuer(receipt)?;
        rules.requirements.check(receipt.unmet_requirements())?;
        // Nothing is hashed for a receipt whose proofs are malformed.
        let reading = key.reading(&rules.reading);
        let inclusion = receipt.receipt.inclusion(&reading)?;
        let keys = KeysOfOneRule {
            keys: self.keys,
            entry_rule: key.entry_rule,
            issuer: self.issuer,
            receipt,
        };
        entries.with_entry(&key.entry_rule, context, |entries, entry| {
            inclusion.verify_then(entry, &keys, context, |verified| {
                include(entries, &key.entry_rule, verified, found)
            })
        })
    }

    #[inline(never)]
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

/// Tells `found` the root that the statement is under, unless the receipt does not bind it.
#[inline(never)]
fn include<'a, 's>(
    entries: &StatementEntries<'s>,
    rule: &EntryRule,
    verified: &Result<Verified<SignedRoot<'a>>, ReceiptError>,
    found: &mut IsUnder<'_, 'a, 's>,
) -> Result<(), Error> {
    match verified {
        Ok(root) => {
            found(entries, rule, root);
            Ok(())
        }
        Err(error) => Err(binding(*error)),
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
