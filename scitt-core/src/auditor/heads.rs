//! Signed heads beside a replayed log.

use cose_ext::Context;
use merkle_proof::TreeSize;

use super::Auditor;
use crate::{Error, ForkProof, LogHash, LogKind, Rule, SignedHead};

/// What a signed head is beside a replayed log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
#[non_exhaustive]
pub enum HeadAudit {
    /// It is the root that the log had at that size.
    Agrees,
    /// The log was not replayed so far.
    Ahead,
    /// It is a head of another data structure than the log that was replayed.
    OtherStructure,
    /// The log as it was handed out had another root at that size. The service signed this head,
    /// and nobody signed what was replayed: it is the entries' word against the service's. With
    /// another signed head that agrees with the replay it is a fork ([`Auditor::prove_fork`]).
    Contradicts {
        /// The root of the replayed log at the size of the head.
        replayed: [u8; 32],
    },
}

impl<T: LogHash> Auditor<T> {
    /// Compares a signed head with the replayed log.
    pub fn check_head(&self, head: &SignedHead<'_>) -> HeadAudit {
        if head.vds() != <T::Kind as LogKind>::VDS {
            return HeadAudit::OtherStructure;
        }
        match self.tree.head_at(head.size()) {
            Err(_) => HeadAudit::Ahead,
            Ok(replayed) if replayed.root.hash() == head.root() => HeadAudit::Agrees,
            Ok(replayed) => HeadAudit::Contradicts { replayed: *replayed.root.hash() },
        }
    }

    /// Proves that the service signed two histories: `agreed` is a head of the replayed log,
    /// `other` is not, and is not larger. Of a larger one the replay of its own entries is needed,
    /// and then the two change places.
    ///
    /// # Errors
    ///
    /// [`Rule::ForkFromSignedHeads`] if `agreed` is not of the replayed log, `other` is, or is
    /// larger.
    pub fn prove_fork<'a>(
        &self,
        agreed: &SignedHead<'a>,
        other: &SignedHead<'a>,
        context: &Context<'_>,
    ) -> Result<ForkProof<'a>, Error> {
        let refused = Error::refused(Rule::ForkFromSignedHeads);
        let (HeadAudit::Agrees, HeadAudit::Contradicts { replayed }) =
            (self.check_head(agreed), self.check_head(other))
        else {
            return Err(refused);
        };
        if agreed.size() == other.size() {
            return ForkProof::of_one_size(agreed, other);
        }
        let path = self
            .tree
            .consistency_path(TreeSize(other.size()), TreeSize(agreed.size()))
            .map_err(|_| refused)?;
        ForkProof::between(other, agreed, replayed, &path, context)
    }
}
