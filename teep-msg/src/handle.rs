//! Under which token a message belongs to a session.

use cose_ext::{Authenticated, Profile};

use crate::{Message, Numbering, PayloadKind};

/// Returns the token of an Agent's message, or else the nonce of the Evidence within: the key under
/// which a TAM finds the session in its store
/// ([`TamSession::handles`](crate::TamSession::handles)).
///
/// Nothing of it is verified: a wrong guess leads to a session that drops the message.
#[must_use]
pub fn handle_of<'m>(
    message: &'m [u8],
    numbering: Numbering,
    profile: &Profile,
) -> Option<&'m [u8]> {
    let message = Authenticated::decode_tagged(message, profile).ok()?;
    let payload = message.danger_unverified_payload()?;
    let message = Message::decode(payload, numbering, profile).ok()?;
    let options = message.options();
    options.token().or_else(|| match options.attestation_payload()?.kind(profile) {
        PayloadKind::Eat { nonce, .. } => nonce,
        _ => None,
    })
}
