//! What a verification cannot do without: signatures under keys that are parsed, and hashes of bytes that lie ready.

use cose_ext::{
    Input, Profile, Sign1,
    crypto::{Algorithm, HashFunction, SignatureVerifier},
    rustcrypto::{P256VerifyingKey, Sha256},
};
use scitt_core::{
    EntryRule,
    merkle_proof::{
        Rfc9162Tree, TreeHash,
        cose::{CoseTree, InclusionProof, Receipt},
    },
};

const PROFILE: Profile = Profile::LENIENT;

/// A message, and what signs it, read before instructions are counted.
pub struct Signed<'m> {
    message: &'m Sign1<'m>,
    input: Input<'m, 'm>,
    algorithm: Algorithm,
}

impl<'m> Signed<'m> {
    /// Reads which algorithm signs `message`, whose payload is where `input` says.
    #[must_use]
    pub fn read(message: &'m Sign1<'m>, input: Input<'m, 'm>) -> Option<Self> {
        Some(Self { message, input, algorithm: message.algorithm().ok()? })
    }

    /// Hashes what is signed, and checks the signature over it.
    #[must_use]
    pub fn verify(&self, key: &P256VerifyingKey) -> Option<()> {
        let signed = self.message.to_be_signed(&self.input, &PROFILE).ok()?;
        key.verify(self.algorithm, &signed.parts(), self.message.signature()).ok()
    }
}

/// A message in a log of one service, with its receipt.
pub struct Logged<'m> {
    signed: Signed<'m>,
    payload: &'m [u8],
    rule: &'m EntryRule,
    receipt: &'m Receipt<'m>,
    proof: InclusionProof<'m>,
    algorithm: Algorithm,
}

impl<'m> Logged<'m> {
    /// Reads the one proof of `receipt`, for the entry that `rule` makes of a message.
    #[must_use]
    pub fn read(signed: Signed<'m>, rule: &'m EntryRule, receipt: &'m Receipt<'m>) -> Option<Self> {
        let payload = signed.message.danger_unverified_payload_of(&signed.input).ok()?;
        let proof = receipt.rfc9162().ok()?.inclusion_proofs().ok()?.next()?.ok()?;
        let algorithm = receipt.message().algorithm().ok()?;
        Some(Self { signed, payload, rule, receipt, proof, algorithm })
    }

    /// Checks both signatures, and hashes from the entry up to the root that the receipt signs.
    #[must_use]
    pub fn verify(&self, issuer: &P256VerifyingKey, service: &P256VerifyingKey) -> Option<()> {
        self.signed.verify(issuer)?;
        let root = self.root()?;
        let message = self.receipt.message();
        let signed = message.to_be_signed(&Input::detached(&root), &PROFILE).ok()?;
        service.verify(self.algorithm, &signed.parts(), message.signature()).ok()
    }

    #[inline(never)]
    fn root(&self) -> Option<[u8; 32]> {
        let tree = CoseTree::<Rfc9162Tree>::new(&Sha256)?;
        let entry = self.rule.entry(self.signed.message, self.payload);
        let leaf = match self.rule.hash {
            Some(_) => tree.leaf(&[Sha256.hash(&entry.parts()).as_ref()]),
            None => tree.leaf(&entry.parts()),
        };
        Some(*self.proof.root(&tree, &leaf).ok()?.unconfirmed())
    }
}

/// Whether the SHA-256 of `bytes` is `digest`.
#[must_use]
pub fn is_digest(digest: &[u8], bytes: &[u8]) -> bool {
    Sha256.hash(&[bytes]).as_ref() == digest
}
