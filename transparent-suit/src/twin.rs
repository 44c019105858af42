//! Second blocks by one key (docs/transparent-suit.md 3.3).

use cose_ext::{Context, Input, Label, Processed, Sign1, SignedBy, key::KeyResolver};
use suit_manifest::Authentication;

use crate::{Error, Rule, issuer::OfIdentity};

/// Refuses an envelope that has another COSE_Sign1 by the key and algorithm of `message`, which
/// `by` signed and which is the block at `offset`. A block with the same protected header and
/// signature is the same block.
///
/// # State, invariant, cost
///
/// Each other block of the same algorithm costs a signature check under the keys of one identity,
/// unless its kid leads elsewhere. A block that nobody can read is by nobody.
///
/// # Errors
///
/// [`Rule::NoTwin`]; a limit.
#[inline(never)]
pub(crate) fn check(
    authentication: &Authentication<'_>,
    (message, offset): (&Sign1<'_>, usize),
    by: &SignedBy,
    keys: &dyn KeyResolver,
    context: &Context<'_>,
) -> Result<(), Error> {
    for block in authentication.blocks() {
        if block.offset() == offset {
            continue;
        }
        let Ok(other) = Sign1::decode(block.bytes(), &context.profile) else { continue };
        if other.algorithm() != Ok(by.algorithm()) || is_same(message, &other) {
            continue;
        }
        let keys = OfIdentity { keys, identity: by.identity() };
        let processed = Processed::new(&[Label::TYP, Label::CWT_CLAIMS]);
        let input = Input::detached(authentication.signed_bytes()).with_processed(processed);
        match other.verify(&input, &keys, context) {
            Ok(signed) if is_by_same_key(signed.by(), by) => {
                return Err(Error::broken(Rule::NoTwin).at(block.offset()));
            }
            Ok(_) => {}
            Err(error) => {
                let error = Error::from(error);
                if error.is_limit() {
                    return Err(error);
                }
            }
        }
    }
    Ok(())
}

/// Whether both are one block. What its unprotected header holds is nobody's word.
fn is_same(one: &Sign1<'_>, other: &Sign1<'_>) -> bool {
    one.headers().protected().as_received() == other.headers().protected().as_received()
        && one.signature() == other.signature()
}

/// Whether one key made both, of those that share an identity.
fn is_by_same_key(one: &SignedBy, other: &SignedBy) -> bool {
    one.thumbprint() == other.thumbprint()
}
