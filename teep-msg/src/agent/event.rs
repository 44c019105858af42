//! What an Agent learns from a message.

use cose_ext::{Verified, cbor::Raw, sign::Signers};

use crate::{AttestationPayload, DataItems, Error, ErrorCode, Message};

/// What a message means to an Agent.
#[derive(Debug)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "whoever drives the machine has to handle each")]
pub enum AgentEvent<'m> {
    /// The message is not valid, or cannot be served: an Error is due, unless one was sent before
    /// to bytes that nobody authenticated.
    Refused(Error),
    /// The TAM asks: a QueryResponse is due.
    Query {
        /// The request.
        request: Verified<Message<'m>, Signers>,
        /// What it asks for.
        items: DataItems,
    },
    /// The TAM sent Evidence of its own: to be given to a Verifier, whose result goes to
    /// [`AgentSession::attestation_result`](super::AgentSession::attestation_result).
    TamEvidence {
        /// The Evidence, opaque here.
        payload: AttestationPayload<'m>,
    },
    /// The result about the TAM affirms: a QueryResponse is due.
    TamAttested {
        /// What the request asked for.
        items: DataItems,
    },
    /// The TAM wants something done: see [`UpdateOrder::steps`], and say how it ended with
    /// [`AgentSession::finish`](super::AgentSession::finish).
    Update(UpdateOrder<'m>),
    /// The TAM cannot serve the response; nothing is to be sent.
    TamFailed {
        /// Why. It counts whatever the language of the text is.
        code: ErrorCode,
        /// What it said.
        update: Verified<Message<'m>, Signers>,
    },
    /// The TAM passes the Attestation Result about this Agent back; nothing is to be sent.
    ResultPassedBack {
        /// The result, for the Agent's next passport.
        payload: AttestationPayload<'m>,
    },
    /// The TAM has nothing to say.
    Nothing,
}

/// What an Update asks for, by a key of a TAM and for the first time.
#[derive(Clone, Copy, Debug)]
pub struct UpdateOrder<'m> {
    pub(super) update: Verified<Message<'m>, Signers>,
}

/// One step of an Update.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_enums, reason = "whoever drives the machine has to handle each")]
pub enum UpdateStep<'m> {
    /// Unlink the manifest of this component identifier, an array of byte strings.
    Unlink(Raw<'m>),
    /// Run the update procedure of this SUIT envelope.
    Process(&'m [u8]),
}

impl<'m> UpdateOrder<'m> {
    /// Returns the Update with those who vouch for it.
    pub const fn update(&self) -> &Verified<Message<'m>, Signers> {
        &self.update
    }

    /// Returns what is to be done, in order: first what is not needed goes, then the manifests
    /// follow as they stand. A step that fails ends the Update (section 7.2.2).
    pub fn steps(&self) -> impl Iterator<Item = UpdateStep<'m>> + use<'m> {
        let options = *self.update.value().options();
        let unneeded = options.unneeded_manifest_list();
        let manifests = options.manifest_list();
        let unneeded = unneeded.into_iter().flat_map(|list| list.iter()).map(UpdateStep::Unlink);
        let manifests = manifests.into_iter().flat_map(|list| list.iter());
        unneeded.chain(manifests.map(UpdateStep::Process))
    }
}

/// How an Update ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever acts on it has to handle each")]
pub enum UpdateOutcome {
    /// Every step was done.
    Done,
    /// A step failed, and the rest was left.
    Failed(ErrorCode),
}
