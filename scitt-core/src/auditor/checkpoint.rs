//! What an auditor knows, as data: to go on in another process.
//!
//! ```cddl
//! audit = [1, vds: int, entry-rule: [encoding: uint, hash: int / nil], leaves: bstr,
//!     identities: bstr, checked: uint, withheld: uint, faulty: uint, first-withheld: uint / nil,
//!     first-fault: [index: uint, verdict: uint, rule: tstr / nil] / nil]
//! ```
//!
//! Leaves are the leaf hashes of the log, 32 bytes each, in its order; identities are those of the
//! statements, 32 bytes each, in ascending order.

use alloc::vec::Vec;

use cose_ext::crypto::Algorithm;
use merkle_proof::Node;
use spec_rules::RuleRef;

use super::{AuditFault, AuditReport, Auditor};
use crate::{
    EntryEncoding, EntryRule, Error, LogHash, LogKind, Rule, Verdict,
    checkpoint::{Decoder, Encoder},
};

/// The version of the form.
const VERSION: u64 = 1;

/// The verdicts that a fault can have, with their numbers.
const VERDICTS: [(u64, Verdict); 3] =
    [(1, Verdict::Broken), (2, Verdict::CannotEvaluate), (3, Verdict::RefusedByPolicy)];

impl<T: LogHash> Auditor<T> {
    /// Returns all that the auditor knows as one CBOR item in deterministic encoding, to go on
    /// later ([`resume`](Self::resume)): 64 bytes an entry. What a [`ReplayedPolicy`] knows is not
    /// in it; a [`Governance`] has a checkpoint of its own.
    ///
    /// It is as trustworthy as the place where it is kept: whoever can change it decides what the
    /// audit finds, except that the roots follow from the leaves, and a signed head that does not
    /// agree with them shows it.
    ///
    /// [`ReplayedPolicy`]: crate::ReplayedPolicy
    /// [`Governance`]: crate::Governance
    #[must_use]
    pub fn checkpoint(&self) -> Vec<u8> {
        let vds = <T::Kind as LogKind>::VDS.value().to_i64().unwrap_or_default();
        let mut to = Encoder::default();
        to.array(10).uint(VERSION).int(vds);
        to.array(2).uint(self.entry_rule.encoding.number());
        to.optional(self.entry_rule.hash, |to, hash| {
            to.int(hash.value());
        });
        let leaves = (0..self.size()).filter_map(|index| self.tree.node(Node { level: 0, index }));
        to.bytes(&leaves.flatten().copied().collect::<Vec<u8>>());
        to.bytes(&self.identities.iter().flatten().copied().collect::<Vec<u8>>());
        let AuditReport { checked, withheld, faulty, first_withheld, first_fault } = self.report;
        to.uint(checked).uint(withheld).uint(faulty).optional_uint(first_withheld);
        to.optional(first_fault, |to, fault| {
            let verdict = VERDICTS.iter().find(|(_, verdict)| *verdict == fault.verdict());
            let verdict = verdict.map(|(number, _)| *number).unwrap_or_default();
            to.array(3).uint(fault.index()).uint(verdict);
            to.optional_text(fault.rule().map(|rule| rule.id));
        });
        to.into_bytes()
    }

    /// Goes on where [`checkpoint`](Self::checkpoint) was made: the next entry to replay is the one
    /// at [`size`](Self::size). All hashes above the leaves are computed again.
    ///
    /// # Errors
    ///
    /// [`Rule::AuditCheckpoint`] if the bytes are something else, or of a log of another structure
    /// than `tree`.
    pub fn resume(tree: T, checkpoint: &[u8]) -> Result<Self, Error> {
        let mut from = Decoder::new(checkpoint, Rule::AuditCheckpoint);
        from.array_of(10)?;
        let broken = from.broken();
        let vds = <T::Kind as LogKind>::VDS.value().to_i64();
        if from.uint()? != VERSION || Some(from.int()?) != vds {
            return Err(broken);
        }
        from.array_of(2)?;
        let encoding = EntryEncoding::from_number(from.uint()?).ok_or(broken)?;
        let hash = from.optional(Decoder::int)?.map(Algorithm::new);
        let mut auditor = Self::new(tree, EntryRule { encoding, hash });
        for leaf in hashes(&mut from)? {
            auditor.tree.append_leaf(leaf);
            let head = auditor.tree.head();
            auditor.roots.insert(*head.root.hash(), head.size);
        }
        let broken = from.broken();
        for identity in hashes(&mut from)? {
            if auditor.identities.last().is_some_and(|last| *last >= identity) {
                return Err(broken);
            }
            auditor.identities.insert(identity);
        }
        let (checked, withheld, faulty) = (from.uint()?, from.uint()?, from.uint()?);
        let first_withheld = from.optional(Decoder::uint)?;
        let first_fault = from.optional(fault)?;
        let report = AuditReport { checked, withheld, faulty, first_withheld, first_fault };
        // Every entry was counted once, every good one has an identity, and what is named is there.
        let counted = [withheld, faulty].iter().try_fold(checked, |sum, one| sum.checked_add(*one));
        let names = |count: u64, first: Option<u64>| match first {
            Some(first) => count > 0 && first < auditor.tree.size(),
            None => count == 0,
        };
        let is_sound = counted == Some(auditor.tree.size())
            && u64::try_from(auditor.identities.len()) == Ok(checked)
            && names(withheld, first_withheld)
            && names(faulty, first_fault.map(|fault| fault.index()));
        if !is_sound {
            return Err(from.broken());
        }
        from.end()?;
        auditor.report = report;
        Ok(auditor)
    }
}

/// Hashes of 32 bytes, one after the other.
fn hashes<'b>(from: &mut Decoder<'b>) -> Result<impl Iterator<Item = [u8; 32]> + use<'b>, Error> {
    let broken = from.broken();
    let (hashes, rest) = from.bytes()?.as_chunks();
    if rest.is_empty() { Ok(hashes.iter().copied()) } else { Err(broken) }
}

fn fault(from: &mut Decoder<'_>) -> Result<AuditFault, Error> {
    from.array_of(3)?;
    let index = from.uint()?;
    let broken = from.broken();
    let number = from.uint()?;
    let verdict = VERDICTS.iter().find(|(known, _)| *known == number);
    let (_, verdict) = verdict.ok_or(broken)?;
    let broken = from.broken();
    let rule = from.optional(|from| rule(from.text()?).ok_or(broken))?;
    Ok(AuditFault::new(index, *verdict, rule))
}

/// The rule with this number, of any crate whose errors an audit meets.
fn rule(id: &str) -> Option<RuleRef> {
    let own = Rule::ALL.iter().map(|rule| rule.to_ref());
    let of_proofs = merkle_proof::Rule::ALL.iter().map(|rule| rule.to_ref());
    let of_cose = cose_ext::Rule::ALL.iter().map(|rule| rule.to_ref());
    own.chain(of_proofs).chain(of_cose).find(|rule| rule.id == id)
}
