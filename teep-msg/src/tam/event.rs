//! What a TAM learns from a message.

use cose_ext::{Verified, sign::Signers};

use crate::{
    AttestationPayload, AttestationResult, Error, ErrorCode, InstallPermit, Message, Rule,
};

/// What a message, or an attestation result, means to a TAM.
#[derive(Debug)]
#[must_use]
#[allow(clippy::exhaustive_enums, reason = "whoever drives the machine has to handle each")]
pub enum TamEvent<'m> {
    /// Nothing: the message is not valid, not an answer to what is outstanding, or late. Nothing is
    /// sent.
    Dropped(Error),
    /// The Agent sent Evidence: to be given to a Verifier, whose result goes to
    /// [`TamSession::attestation_result`](super::TamSession::attestation_result).
    Evidence {
        /// The Evidence, opaque here.
        payload: AttestationPayload<'m>,
        /// The response that it came in, to be kept until the result is there.
        response: Verified<Message<'m>, Signers>,
    },
    /// The response has what was asked for, and attestation was not: the TAM may order what it
    /// likes.
    Checked {
        /// The response.
        response: Verified<Message<'m>, Signers>,
        /// Permits to install.
        permit: InstallPermit,
    },
    /// The response brought an Attestation Result that affirms.
    Passport {
        /// The response.
        response: Verified<Message<'m>, Signers>,
        /// The result.
        result: Verified<AttestationResult<'m>>,
        /// Permits to install.
        permit: InstallPermit,
    },
    /// The Verifier's result affirms.
    Attested {
        /// The result.
        result: Verified<AttestationResult<'m>>,
        /// Permits to install.
        permit: InstallPermit,
    },
    /// The Agent is not attested, or lacks what was asked for. An Update that says so is due; a TAM
    /// that can bring the Agent back to health orders something else instead.
    Refused {
        /// The rule that is broken.
        rule: Rule,
        /// What the Update will say.
        code: ErrorCode,
    },
    /// The Agent asks for attestation of the TAM: another request is due, with a payload that
    /// repeats the challenge.
    AttestationDemanded {
        /// The nonce for the payload.
        challenge: Option<&'m [u8]>,
    },
    /// The Agent did what the Update asked for.
    Installed {
        /// What it said, reports among it.
        success: Verified<Message<'m>, Signers>,
    },
    /// The Agent cannot do what it was asked.
    Failed {
        /// Why.
        code: ErrorCode,
        /// What it said.
        error: Verified<Message<'m>, Signers>,
    },
}
